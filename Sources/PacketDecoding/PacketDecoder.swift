// SPDX-License-Identifier: Apache-2.0

package import CaptureFile

/// Decodes captured frames down to their innermost IP packet and its transport.
///
/// Stateless: any thread may decode any batch. The loop over the packets and everything it calls
/// for an ordinary packet lie in this module, because calls between modules are not inlined; it
/// allocates nothing per packet.
package struct PacketDecoder: Sendable {
  /// Whether packets of different VLANs belong to different flows (`--flow-key vlan`).
  package let includesVLANInKey: Bool
  /// The sieve of `Tunnels.portSieve`, kept here to spare the check for a lazy global.
  private let portSieve: [UInt64]

  /// Makes a decoder.
  package init(includesVLANInKey: Bool = false) {
    self.includesVLANInKey = includesVLANInKey
    portSieve = Tunnels.portSieve
  }

  /// Decodes every record of `records` into a batch of its own.
  package func decode(_ records: RecordBatch) -> PacketBatch {
    var packets: [DecodedPacket] = []
    var flags = decode(records, into: &packets)
    var batch = PacketBatch(
      block: records.block, packets: packets, file: records.file, firstFrame: records.firstFrame)
    if flags.contains(.hasNextSubframe) { flags.formUnion(addSubframes(to: &batch, of: records)) }
    batch.hasFragments = flags.contains(.isFragment)
    batch.hasSeveralInterfaces = records.linkTypes.count > 1
    return batch
  }

  /// Appends one packet for every record of `records`, in order; returns the flags of all that are
  /// not of the common path.
  ///
  /// - Complexity: O(header bytes) a packet.
  private func decode(
    _ records: RecordBatch, into packets: inout [DecodedPacket]
  ) -> PacketFlags {
    let decoders = records.linkTypes.map { LinkLayers.index(of: $0.rawValue) }
    let isEthernet = decoders.first == LinkLayers.ethernet
    var allFlags: PacketFlags = []
    let bytes = records.block.bytes
    let records = records.records.span
    packets.append(addingCapacity: records.count) { output in
      for position in records.indices {
        let record = records[position]
        let start = Int(record.offset)
        let end = start &+ Int(record.capturedLength)
        let index = output.count
        output.append(DecodedPacket(record))
        guard end <= bytes.count else { continue }
        let frame = bytes.extracting(start..<end)
        if isEthernet, record.interface == 0, decodeCommon(frame, &output[index]) { continue }
        let interface = Int(record.interface)
        guard interface < decoders.count else { continue }
        let packet = decodeAny(frame, record, decoder: decoders[interface])
        allFlags.formUnion(packet.flags)
        output[index] = packet
      }
    }
    return allFlags
  }

  /// Decodes a frame of any link layer.
  @inline(never)
  func decodeAny(
    _ frame: Span<UInt8>, _ record: CaptureRecord, decoder: Int
  ) -> DecodedPacket {
    var state = DecodingState(count: frame.count, wireCount: Int(record.originalLength))
    state.packet = DecodedPacket(record)
    let first: NextLayer =
      decoder == LinkLayers.ethernet
      ? EthernetFrame.decode(frame, &state) : LinkLayers.decode(decoder, frame, &state)
    follow(first, frame, &state)
    state.finish(frame, includesVLAN: includesVLANInKey)
    state.packet.payloadOffset = record.offset &+ UInt32(truncatingIfNeeded: state.payloadStart)
    return state.packet
  }

  /// Whether a UDP port may be a tunnel's.
  @inline(__always)
  func mayBeTunnel(_ port: UInt16) -> Bool {
    portSieve[Int(port >> 6 & 15)] &>> UInt64(port & 63) & 1 == 1
  }

  /// Follows the layers from `first`, which begins at `state.offset`, to the innermost one.
  ///
  /// Every step consumes bytes or enters a tunnel, whose number is bounded.
  @inline(__always)
  func follow(_ first: NextLayer, _ bytes: Span<UInt8>, _ state: inout DecodingState) {
    var next = first
    while true {
      switch next {
      case .payload, .opaque:
        return
      case .etherType(EtherTypes.ipv4):
        next = IPv4Header.decode(bytes, &state)
      case .etherType(EtherTypes.ipv6):
        next = IPv6Header.decode(bytes, &state)
      case .etherType(let type):
        next = EtherTypes.decode(type, bytes, &state)
      case .ipProtocol(TCPHeader.protocolNumber):
        TCPHeader.decode(bytes, &state)
        return
      case .ipProtocol(UDPHeader.protocolNumber):
        UDPHeader.decode(bytes, &state)
        guard mayBeTunnel(state.sourcePort) || mayBeTunnel(state.destinationPort) else { return }
        next = Tunnels.enterUDP(bytes, &state)
      case .ipProtocol(IPv6ExtensionHeaders.authentication):
        // Behind IPv4: the chain of IPv6 goes over its own by itself.
        next = IPv6ExtensionHeaders.decode(IPv6ExtensionHeaders.authentication, bytes, &state)
      case .ipProtocol(let number):
        next = Tunnels.enter(number, bytes, &state)
        switch next {
        case .payload, .opaque: IPProtocols.decode(number, bytes, &state)
        default: break
        }
      case .internet:
        let packet = state.rest(of: bytes)
        guard packet.count > 0 else { return }
        next = .etherType(packet[0] >> 4 == 6 ? EtherTypes.ipv6 : EtherTypes.ipv4)
      case .link(let type):
        next = LinkLayers.decode(LinkLayers.index(of: type), bytes, &state)
      case .pointToPoint(let number):
        next = PPPFrame.next(number, bytes, &state)
      }
    }
  }
}

extension DecodedPacket {
  /// What the record itself says.
  @inline(__always)
  init(_ record: CaptureRecord) {
    self.init()
    time = record.time
    originalLength = record.originalLength
    capturedLength = record.capturedLength
    recordOffset = record.offset
    interface = UInt16(truncatingIfNeeded: min(record.interface, 0xFFFF))
    if record.capturedLength < record.originalLength { flags = .isTruncated }
  }
}
