// SPDX-License-Identifier: Apache-2.0

/// What follows a header that was decoded; `DecodingState.offset` says where.
enum NextLayer: Sendable, BitwiseCopyable {
  /// Nothing that is decoded further.
  case payload
  /// A tunnel's content that cannot be read.
  case opaque
  /// A header named by an [EtherType](https://www.iana.org/assignments/ieee-802-numbers).
  case etherType(UInt16)
  /// An IPv4 or IPv6 header, told apart by its version.
  case internet
  /// A header named by an
  /// [IP protocol number](https://www.iana.org/assignments/protocol-numbers).
  case ipProtocol(UInt8)
  /// A frame of a link layer, named by its LINKTYPE_ number.
  case link(UInt32)
  /// A packet named by a [PPP protocol number](https://www.iana.org/assignments/ppp-numbers).
  case pointToPoint(UInt16)
}

/// The decoding of one packet under way.
///
/// A layer writes into `packet` only what it has validated, so a tunnel that turns out to hold
/// nothing leaves the flow that carries it as it was.
struct DecodingState {
  /// The result; the key's first endpoint is the source until `finish(_:includesVLAN:)`.
  var packet = DecodedPacket()
  /// Offset of the next header in the bytes.
  var offset = 0
  /// Offset past the last byte that the enclosing headers leave to the next one, on the wire.
  var wireEnd: Int
  /// Offset past the last captured byte that belongs to the next header; never above `wireEnd`.
  var end: Int
  /// Ports of the innermost transport.
  var sourcePort: UInt16 = 0
  var destinationPort: UInt16 = 0
  /// Offset of the payload in the bytes.
  var payloadStart = 0
  /// Number of tunnels entered, and the outermost as an index in `Tunnels.all` plus one.
  var depth: UInt8 = 0
  var outermostTunnel: UInt8 = 0
  /// Where the MAC header and the VLAN of the packet's network layer are: those found behind it
  /// belong to a tunnel that may turn out to hold nothing.
  private var networkLink = LinkFacts()
  /// The words of the fingerprint.
  var fingerprint = Fingerprint()
  /// Which subframe of an 802.11 A-MSDU is wanted, and where it is once it was entered.
  var wantedSubframe = 0
  var subframe: Range<Int>?

  /// Starts with bytes that had `wireCount` bytes on the wire, of which `count` were captured.
  @inline(__always)
  init(count: Int, wireCount: Int) {
    end = count
    wireEnd = max(count, wireCount)
  }

  /// Whether `count` bytes of the next header were captured and belong to it.
  @inline(__always)
  func has(_ count: Int) -> Bool { end &- offset >= count }

  /// The captured bytes of the next header and what follows; empty when there are none.
  ///
  /// Callers guard the count once and then use constant offsets.
  @inline(__always)
  @_lifetime(copy bytes)
  func rest(of bytes: Span<UInt8>) -> Span<UInt8> {
    bytes.extracting(min(max(offset, 0), end)..<end)
  }

  /// Ends the present layer `length` bytes behind `offset`, as a length field says.
  ///
  /// Returns whether the enclosing layers have that much; if not, their end stays.
  @inline(__always)
  mutating func limit(to length: Int) -> Bool {
    let limit = offset &+ length
    guard limit <= wireEnd else { return false }
    wireEnd = limit
    end = min(end, limit)
    return true
  }

  /// Makes the IP header that was just validated the packet's network layer.
  ///
  /// What an outer one left behind is cleared.
  @inline(__always)
  mutating func enterNetworkLayer(
    source: IPAddress, destination: IPAddress, timeToLive: UInt8, trafficClass: UInt8
  ) {
    packet.firstHigh = source.high
    packet.firstLow = source.low
    packet.secondHigh = destination.high
    packet.secondLow = destination.low
    packet.timeToLive = timeToLive
    packet.trafficClass = trafficClass
    if packet.flags.contains(.hasNetworkLayer) { forgetTransport() }
    packet.flags.insert(.hasNetworkLayer)
    networkLink = LinkFacts(packet)
    if depth > 0 {
      packet.flags.insert(.isTunnelled)
      packet.tunnel = outermostTunnel
    }
  }

  /// Clears the transport of an outer packet or of the fragment that completed this one.
  mutating func forgetTransport() {
    packet.flags.subtract([
      .hasTransportHeader, .hasTransportOptions, .isFragment, .isLaterFragment, .isMalformed,
      .isOpaqueTunnel, .lacksPorts,
    ])
    packet.sequenceNumber = 0
    packet.acknowledgmentNumber = 0
    packet.window = 0
    packet.tcpFlags = 0
    packet.identification = 0
    packet.fragment = 0
    sourcePort = 0
    destinationPort = 0
    fingerprint = Fingerprint()
  }

  /// Makes everything from `offset` to the end of the present layer the packet's payload.
  @inline(__always)
  mutating func setPayload() {
    payloadStart = offset
    packet.payloadLength = UInt32(truncatingIfNeeded: max(wireEnd &- offset, 0))
    packet.payloadCapturedLength = UInt32(truncatingIfNeeded: max(end &- offset, 0))
  }

  /// Marks a header that contradicts itself, unless it may be a wrong guess inside a tunnel.
  mutating func markMalformed() {
    if depth == 0 || packet.flags.contains(.isTunnelled) { packet.flags.insert(.isMalformed) }
  }
}

/// What a link layer leaves in a packet.
private struct LinkFacts {
  var macOffset = DecodedPacket.noMAC
  var vlan = DecodedPacket.noVLAN
  var isWireless = false

  init() {}

  init(_ packet: DecodedPacket) {
    macOffset = packet.macOffset
    vlan = packet.vlan
    isWireless = packet.flags.contains(.hasWirelessHeader)
  }

  func restore(_ packet: inout DecodedPacket) {
    packet.macOffset = macOffset
    packet.vlan = vlan
    if isWireless {
      packet.flags.insert(.hasWirelessHeader)
    } else {
      packet.flags.remove(.hasWirelessHeader)
    }
  }
}

extension DecodingState {
  /// Goes on with a packet whose network layer was decoded before and whose transport begins at
  /// offset 0 of bytes that were `wireCount` long on the wire.
  init(_ packet: DecodedPacket, count: Int, wireCount: Int) {
    self.init(count: count, wireCount: wireCount)
    self.packet = packet
    networkLink = LinkFacts(packet)
    forgetTransport()
    depth = packet.flags.contains(.isTunnelled) ? 1 : 0
    outermostTunnel = packet.tunnel
  }

  /// Orders the key, hashes it and takes the fingerprint.
  @inline(__always)
  mutating func finish(_ bytes: Span<UInt8>, includesVLAN: Bool) {
    guard packet.flags.rawValue & DecodingState.hasKey != 0 else { return }
    if packet.flags.contains(.hasNetworkLayer) { networkLink.restore(&packet) }
    packet.orderKey(sourcePort: sourcePort, destinationPort: destinationPort)
    let start = min(max(payloadStart, 0), bytes.count)
    let end = min(start &+ Int(packet.payloadCapturedLength), bytes.count)
    fingerprint.note(bytes, payload: start..<end)
    packet.fingerprint = fingerprint.hash(
      key: packet.keyHash, isReversed: packet.flags.contains(.isReversed),
      payloadLength: packet.payloadLength)
    if includesVLAN { packet.addVLANToKey() }
  }

  /// Packets that belong to a flow: those with an IP layer and protected 802.11 frames.
  private static let hasKey =
    PacketFlags.hasNetworkLayer.rawValue | PacketFlags.isOpaqueWireless.rawValue
}
