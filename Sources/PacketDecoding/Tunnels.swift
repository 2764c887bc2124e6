// SPDX-License-Identifier: Apache-2.0

/// A tunnel: what announces it and how its header is decoded.
struct Tunnel: Sendable {
  /// What carries a tunnel.
  enum Carrier: Sendable, Hashable {
    /// An IP protocol number.
    case ipProtocol(UInt8)
    /// A UDP port, on either side.
    case udpPort(UInt16)
  }

  /// Name as it is shown.
  let name: String
  let carriers: [Carrier]
  /// Whether it is only recognised, because its content is encrypted.
  var isOpaque = false
  /// Validates the tunnel header at `state.offset`, moves behind it and says what follows; or
  /// `.payload` when the bytes are not this tunnel or hold nothing that is decoded; or `.opaque`.
  let decode: @Sendable (_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer
}

/// The tunnels that are unwrapped.
///
/// To add one: a file in Tunnels/ and a line here.
package enum Tunnels {
  static let all: [Tunnel] = [
    IPInIP.tunnel,
    SixInFour.tunnel,
    GRE.tunnel,
    ERSPAN.tunnel,
    EtherIP.tunnel,
    MPLSInIP.tunnel,
    VXLAN.tunnel,
    VXLANGPE.tunnel,
    GENEVE.tunnel,
    GTPU.tunnel,
    Teredo.tunnel,
    L2TP.tunnel,
    L2TPv3.tunnel,
    CAPWAP.tunnel,
    TZSP.tunnel,
    GREInUDP.tunnel,
    ESP.tunnel,
    WireGuard.tunnel,
  ]

  /// Most tunnels of one packet that are entered; the rest is payload (DESIGN.md §9).
  static let maximumDepth: UInt8 = 8

  /// Name of the tunnel that `DecodedPacket.tunnel` gives, `nil` for none.
  package static func name(_ tunnel: UInt8) -> String? {
    guard tunnel > 0, Int(tunnel) <= all.count else { return nil }
    return all[Int(tunnel) - 1].name
  }

  /// The number of a tunnel by its name.
  package static func code(named name: String) -> UInt8? {
    all.firstIndex { $0.name == name }.map { UInt8(truncatingIfNeeded: $0 + 1) }
  }

  /// One bit for every tunnel port modulo 1024: most datagrams are told by it to be no tunnel.
  static let portSieve: [UInt64] = {
    var sieve = [UInt64](repeating: 0, count: 16)
    for (port, _) in ports { sieve[Int(port >> 6 & 15)] |= 1 &<< UInt64(port & 63) }
    return sieve
  }()

  /// Tunnel ports with the index of their tunnel.
  private static let ports: [(port: UInt16, index: Int)] = all.enumerated().flatMap {
    index, tunnel in
    tunnel.carriers.compactMap { carrier in
      if case .udpPort(let port) = carrier { (port, index) } else { nil }
    }
  }

  /// Index plus one of the tunnel of each IP protocol number, 0 for none.
  private static let protocols: [UInt8] = {
    var table = [UInt8](repeating: 0, count: 256)
    for (index, tunnel) in all.enumerated() {
      for case .ipProtocol(let number) in tunnel.carriers {
        table[Int(number)] = UInt8(index + 1)
      }
    }
    return table
  }()

  /// Whether a protocol number, or a UDP port on either side, announces a tunnel.
  package static func mayBeTunnel(protocolNumber: UInt8, ports endpoints: (UInt16, UInt16)) -> Bool
  {
    if protocols[Int(protocolNumber)] > 0 { return true }
    return protocolNumber == 17
      && ports.contains { $0.port == endpoints.0 || $0.port == endpoints.1 }
  }

  /// Enters the tunnel that an IP protocol number announces, if any.
  @inline(never)
  static func enter(
    _ ipProtocol: UInt8, _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let index = Int(protocols[Int(ipProtocol)])
    guard index > 0 else { return .payload }
    // The packet around has its bytes as payload, should nothing be found inside.
    state.setPayload()
    return enter(index - 1, bytes, &state)
  }

  /// Enters the tunnel that a UDP port announces, the destination's first.
  @inline(never)
  static func enterUDP(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let next = enterUDP(port: state.destinationPort, bytes, &state)
    guard case .payload = next else { return next }
    return enterUDP(port: state.sourcePort, bytes, &state)
  }

  private static func enterUDP(
    port: UInt16, _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    for entry in ports where entry.port == port {
      let next = enter(entry.index, bytes, &state)
      if case .payload = next { continue }
      return next
    }
    return .payload
  }

  private static func enter(
    _ index: Int, _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    guard state.depth < maximumDepth, index < all.count else { return .payload }
    let (offset, end, wireEnd) = (state.offset, state.end, state.wireEnd)
    let outermost = state.outermostTunnel
    state.depth &+= 1
    if outermost == 0 { state.outermostTunnel = UInt8(truncatingIfNeeded: index &+ 1) }
    let next = all[index].decode(bytes, &state)
    switch next {
    case .opaque:
      state.packet.flags.insert(.isOpaqueTunnel)
      state.packet.tunnel = state.outermostTunnel
      fallthrough
    case .payload:
      state.offset = offset
      state.end = end
      state.wireEnd = wireEnd
      state.depth &-= 1
      state.outermostTunnel = outermost
    default:
      break
    }
    return next
  }

  /// Index plus one of ERSPAN, by which a mirror port's GRE is named.
  static let mirror = UInt8((all.firstIndex { $0.name == ERSPAN.tunnel.name } ?? 0) + 1)

  /// Whether a datagram may hold another packet, so that its first fragment does not show its flow.
  static func mayCarry(ipProtocol: UInt8, sourcePort: UInt16, destinationPort: UInt16) -> Bool {
    if ipProtocol == UDPHeader.protocolNumber {
      return ports.contains {
        ($0.port == sourcePort || $0.port == destinationPort) && !all[$0.index].isOpaque
      }
    }
    let index = Int(protocols[Int(ipProtocol)])
    return index > 0 && !all[index - 1].isOpaque
  }
}
