// SPDX-License-Identifier: Apache-2.0

/// The shortcut for what nearly every record holds: Ethernet, at most one 802.1Q tag, an IP header
/// without options or fragments, TCP or UDP that is no tunnel's, every length in order.
///
/// It gives what the layers of `follow(_:_:_:)` give (a test compares the two), in half of the
/// instructions: headers are read in words of eight bytes, everything stays in registers, and what
/// is read goes straight into the batch. Whatever is not plain goes there.
extension PacketDecoder {
  /// Decodes an Ethernet frame into `packet`, which holds the record's own facts; returns whether
  /// it was a plain one.
  ///
  /// If not, `packet` is to be thrown away.
  @inline(__always)
  func decodeCommon(_ frame: Span<UInt8>, _ packet: inout DecodedPacket) -> Bool {
    // No plain packet is shorter than one of IPv4 and UDP.
    guard frame.count >= EthernetFrame.headerLength &+ IPv4Header.minimumLength &+ UDPHeader.length
    else { return false }
    let word = frame.guardedUInt64(at: 12)
    var type = word &>> 48
    var start = EthernetFrame.headerLength
    if type == 0x8100 {
      let identifier = UInt16(truncatingIfNeeded: word &>> 32) & 0x0FFF
      packet.vlan = identifier != 0 ? identifier : DecodedPacket.noVLAN
      type = word &>> 16 & 0xFFFF
      start = EthernetFrame.headerLength &+ 4
    }
    if type == UInt64(EtherTypes.ipv4) { return decodeIPv4(frame, at: start, &packet) }
    if type == UInt64(EtherTypes.ipv6) { return decodeIPv6(frame, at: start, &packet) }
    return false
  }

  @inline(__always)
  private func decodeIPv4(
    _ frame: Span<UInt8>, at start: Int, _ packet: inout DecodedPacket
  ) -> Bool {
    let header = frame.extracting(start..<frame.count)
    guard header.count >= IPv4Header.minimumLength &+ UDPHeader.length else { return false }
    let head = header.guardedUInt64(at: 0)
    let middle = header.guardedUInt64(at: 8)
    let totalLength = Int(head &>> 32 & 0xFFFF)
    // Version 4 without options; no fragment, whatever the other two flags.
    guard head & 0xFF00_0000_0000_3FFF == 0x4500_0000_0000_0000,
      totalLength <= max(Int(packet.originalLength), frame.count) &- start
    else { return false }
    packet.trafficClass = UInt8(truncatingIfNeeded: head &>> 48)
    packet.timeToLive = UInt8(truncatingIfNeeded: middle &>> 56)
    packet.protocolNumber = UInt8(truncatingIfNeeded: middle &>> 48)
    let identity = (head &>> 16 & 0xFFFF) &<< 32
    let source = UInt32(truncatingIfNeeded: middle)
    let destination = header.guardedUInt32(at: 16)
    switch middle &>> 48 & 0xFF {
    case UInt64(TCPHeader.protocolNumber):
      guard
        let transport = decodeTCP(header, IPv4Header.minimumLength, totalLength, identity, &packet)
      else { return false }
      packet.orderKey(source: source, destination: destination, ports: transport.ports)
      finish(header, at: start, transport, &packet)
      return true
    case UInt64(UDPHeader.protocolNumber):
      guard
        let transport = decodeUDP(header, IPv4Header.minimumLength, totalLength, identity)
      else { return false }
      packet.orderKey(source: source, destination: destination, ports: transport.ports)
      finish(header, at: start, transport, &packet)
      return true
    default: return false
    }
  }

  @inline(__always)
  private func decodeIPv6(
    _ frame: Span<UInt8>, at start: Int, _ packet: inout DecodedPacket
  ) -> Bool {
    let header = frame.extracting(start..<frame.count)
    guard header.count >= IPv6Header.minimumLength &+ UDPHeader.length else { return false }
    let head = header.guardedUInt64(at: 0)
    let payloadLength = head &>> 16 & 0xFFFF
    let totalLength = IPv6Header.minimumLength &+ Int(payloadLength)
    guard head &>> 60 == 6, payloadLength != 0,
      totalLength <= max(Int(packet.originalLength), frame.count) &- start
    else { return false }
    packet.trafficClass = UInt8(truncatingIfNeeded: head &>> 52)
    packet.timeToLive = UInt8(truncatingIfNeeded: head)
    packet.protocolNumber = UInt8(truncatingIfNeeded: head &>> 8)
    let identity = (head &>> 32 & 0xF_FFFF) &<< 32 | payloadLength
    let transport =
      switch head &>> 8 & 0xFF {
      case UInt64(TCPHeader.protocolNumber):
        decodeTCP(header, IPv6Header.minimumLength, totalLength, identity, &packet)
      case UInt64(UDPHeader.protocolNumber):
        decodeUDP(header, IPv6Header.minimumLength, totalLength, identity)
      default: nil as CommonTransport?
      }
    guard let transport else { return false }
    packet.firstHigh = header.guardedUInt64(at: 8)
    packet.firstLow = header.guardedUInt64(at: 16)
    packet.secondHigh = header.guardedUInt64(at: 24)
    packet.secondLow = header.guardedUInt64(at: 32)
    packet.orderKey(
      sourcePort: UInt16(truncatingIfNeeded: transport.ports &>> 16),
      destinationPort: UInt16(truncatingIfNeeded: transport.ports))
    finish(header, at: start, transport, &packet)
    return true
  }

  private static var plainFlags: UInt32 {
    PacketFlags.hasNetworkLayer.rawValue | PacketFlags.hasTransportHeader.rawValue
  }

  /// Decodes the TCP header at `offset` of `header`; `nil` where it is not plain.
  @inline(__always)
  private func decodeTCP(
    _ header: Span<UInt8>, _ offset: Int, _ totalLength: Int, _ identity: UInt64,
    _ packet: inout DecodedPacket
  ) -> CommonTransport? {
    let leastCount = offset &+ TCPHeader.minimumLength
    let count = min(totalLength, header.count)
    guard count >= leastCount else { return nil }
    let numbers = header.guardedUInt64(at: offset &+ 4)
    let control = header.guardedUInt64(at: offset &+ 12)
    let length = Int(truncatingIfNeeded: control &>> 60) &* 4
    let payloadStart = offset &+ length
    guard length >= TCPHeader.minimumLength, payloadStart <= totalLength else { return nil }
    packet.sequenceNumber = UInt32(truncatingIfNeeded: numbers &>> 32)
    packet.acknowledgmentNumber = UInt32(truncatingIfNeeded: numbers)
    packet.tcpFlags = UInt8(truncatingIfNeeded: control &>> 48)
    packet.window = UInt16(truncatingIfNeeded: control &>> 32)
    var fingerprint = Fingerprint()
    fingerprint.identity = identity
    fingerprint.transport = numbers
    fingerprint.checksum = (control &>> 16 & 0xFFFF) &<< 8 | control &>> 48 & 0xFF
    var flags = Self.plainFlags
    if length > TCPHeader.minimumLength {
      flags |= PacketFlags.hasTransportOptions.rawValue
      if length >= 32, count >= offset &+ 32 {
        fingerprint.options = header.guardedUInt64(at: offset &+ 24)
      }
    }
    return CommonTransport(
      ports: header.guardedUInt32(at: offset), payloadStart: payloadStart, payloadEnd: count,
      payloadLength: totalLength &- payloadStart, flags: flags, fingerprint: fingerprint)
  }

  /// Decodes the UDP header at `offset` of `header`; `nil` where it is not plain.
  @inline(__always)
  private func decodeUDP(
    _ header: Span<UInt8>, _ offset: Int, _ totalLength: Int, _ identity: UInt64
  ) -> CommonTransport? {
    // The caller has guarded that the header is captured.
    let word = header.guardedUInt64(at: offset)
    let length = Int(word &>> 16 & 0xFFFF)
    guard length >= UDPHeader.length, length <= totalLength &- offset,
      !mayBeTunnel(UInt16(truncatingIfNeeded: word &>> 48)),
      !mayBeTunnel(UInt16(truncatingIfNeeded: word &>> 32))
    else { return nil }
    var fingerprint = Fingerprint()
    fingerprint.identity = identity
    fingerprint.transport = word & 0xFFFF_FFFF
    return CommonTransport(
      ports: UInt32(truncatingIfNeeded: word &>> 32), payloadStart: offset &+ UDPHeader.length,
      payloadEnd: min(offset &+ length, header.count),
      payloadLength: length &- UDPHeader.length, flags: Self.plainFlags,
      fingerprint: fingerprint)
  }

  /// Notes where the payload is and takes the fingerprint; `header` begins at `start` of the frame.
  @inline(__always)
  private func finish(
    _ header: Span<UInt8>, at start: Int, _ transport: CommonTransport,
    _ packet: inout DecodedPacket
  ) {
    packet.macOffset = 0
    packet.flags = PacketFlags(rawValue: packet.flags.rawValue | transport.flags)
    let payloadStart = transport.payloadStart
    let captured = max(transport.payloadEnd &- payloadStart, 0)
    packet.payloadLength = UInt32(truncatingIfNeeded: transport.payloadLength)
    packet.payloadCapturedLength = UInt32(truncatingIfNeeded: captured)
    packet.payloadOffset =
      packet.recordOffset &+ UInt32(truncatingIfNeeded: start &+ payloadStart)
    var fingerprint = transport.fingerprint
    if captured > 0 { fingerprint.note(header, payload: payloadStart..<transport.payloadEnd) }
    packet.fingerprint = fingerprint.hash(
      key: packet.keyHash, isReversed: packet.flags.rawValue & 1 != 0,
      payloadLength: packet.payloadLength)
    if includesVLANInKey { packet.addVLANToKey() }
  }
}

/// What is known of a plain packet behind its transport header.
private struct CommonTransport {
  /// Source (16) | destination (16).
  var ports: UInt32
  /// Where the payload begins in the IP packet, captured or not.
  var payloadStart: Int
  /// Where the captured bytes of the packet end in it.
  var payloadEnd: Int
  /// Number of payload bytes on the wire.
  var payloadLength: Int
  /// Bits of `PacketFlags`.
  var flags: UInt32
  /// The words that the headers give.
  var fingerprint: Fingerprint
}
