// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// What one side of a flow sent.
public struct FlowCounters: Sendable, Equatable {
  /// Packets, duplicates and fragments included.
  public var packets: UInt64 = 0
  /// Sum of the records' original lengths in bytes, link header included.
  public var wireBytes: UInt64 = 0
  /// Transport payload in bytes by the IP length fields, retransmissions and duplicates included.
  public var payloadBytes: UInt64 = 0
  /// Packets that were copies of others (mirror ports, two interfaces).
  public var duplicatePackets: UInt64 = 0
  /// Wire bytes of those copies.
  public var duplicateWireBytes: UInt64 = 0
  /// Payload bytes of those copies.
  public var duplicatePayloadBytes: UInt64 = 0
  /// TCP payload bytes sent again, copies left out.
  public var retransmittedBytes: UInt64 = 0
  /// TCP payload bytes that were acknowledged or passed over but are not in the capture.
  public var missingBytes: UInt64 = 0
  /// Times a hole opened in the sequence of captured TCP bytes.
  public var gaps: UInt32 = 0
  /// Segments that arrived behind later ones.
  public var outOfOrder: UInt32 = 0
  /// Segments that announced a window of zero.
  public var zeroWindows: UInt32 = 0
  /// Keep-alive segments (at most one byte, one below the next sequence number).
  public var keepAlives: UInt32 = 0
  /// All TCP flags seen, OR-ed.
  public var tcpFlags: UInt8 = 0
  /// First time to live or hop limit seen, 0 when none.
  public var timeToLive: UInt8 = 0
  /// First DSCP and ECN byte seen.
  public var trafficClass: UInt8 = 0
  /// Source MAC address of the first packet, where the link layer has one.
  public var macAddress: MACAddress?
  /// Time of the first packet, nanoseconds since 1970; `nil` when there was none.
  public var firstTime: Int64?
  /// Time of the last packet.
  public var lastTime: Int64?

  /// Makes empty counters.
  public init() {}

  /// Payload bytes without retransmissions and duplicates.
  public var newPayloadBytes: UInt64 {
    let repeated = retransmittedBytes &+ duplicatePayloadBytes
    return payloadBytes >= repeated ? payloadBytes &- repeated : 0
  }

  /// Wire bytes without duplicates.
  public var uniqueWireBytes: UInt64 {
    wireBytes >= duplicateWireBytes ? wireBytes &- duplicateWireBytes : 0
  }
}

/// One second (or more, see `TimeBins.width`) of a flow.
public struct TimeBin: Sendable, Equatable, BitwiseCopyable {
  /// Packets from the originator and from the responder.
  public var packets: (originator: UInt32, responder: UInt32) = (0, 0)
  /// Wire bytes of each.
  public var wireBytes: (originator: UInt32, responder: UInt32) = (0, 0)
  /// New payload bytes of each.
  public var newPayloadBytes: (originator: UInt32, responder: UInt32) = (0, 0)
  /// Payload bytes of each, retransmissions and duplicates included.
  public var payloadBytes: (originator: UInt32, responder: UInt32) = (0, 0)

  /// Makes an empty bin.
  public init() {}

  /// Whether two bins hold the same counts.
  public static func == (lhs: TimeBin, rhs: TimeBin) -> Bool {
    lhs.packets == rhs.packets && lhs.wireBytes == rhs.wireBytes
      && lhs.newPayloadBytes == rhs.newPayloadBytes && lhs.payloadBytes == rhs.payloadBytes
  }
}

/// A flow's traffic over time.
public struct TimeBins: Sendable, Equatable {
  /// Start of the first bin in seconds since 1970, a multiple of `width`.
  public var start: Int64
  /// Width of a bin in seconds: 1, doubled whenever the flow outgrew its bound of bins.
  public var width: Int64
  /// The bins without holes.
  public var bins: [TimeBin]

  /// Makes bins.
  public init(start: Int64, width: Int64, bins: [TimeBin]) {
    self.start = start
    self.width = width
    self.bins = bins
  }
}

/// A run of payload in one direction without an idle second (reference: classifier.md §3.6).
public struct Burst: Sendable, Equatable, BitwiseCopyable {
  /// Direction of the payload.
  public var direction: FlowDirection
  /// First and last payload packet, nanoseconds since 1970.
  public var firstTime: Int64
  /// Time of the last payload packet.
  public var lastTime: Int64
  /// New payload bytes.
  public var bytes: UInt64
  /// New payload bytes of the other direction in the same time.
  public var reverseBytes: UInt64
  /// Its first packet.
  public var firstPacket: PacketReference

  /// Makes a burst.
  public init(
    direction: FlowDirection, firstTime: Int64, lastTime: Int64, bytes: UInt64,
    reverseBytes: UInt64, firstPacket: PacketReference
  ) {
    self.direction = direction
    self.firstTime = firstTime
    self.lastTime = lastTime
    self.bytes = bytes
    self.reverseBytes = reverseBytes
    self.firstPacket = firstPacket
  }
}

/// How the originator of a flow was decided.
public enum OriginatorBasis: String, Sendable {
  /// It sent the SYN.
  case syn
  /// The other side answered with SYN and ACK.
  case synAck = "syn_ack"
  /// It sent the first packet of the flow in the capture.
  case firstPacket = "first_packet"
  /// The capture begins inside the flow; the other side has the well-known port.
  case wellKnownPort = "well_known_port"
}

/// Why a flow ended.
public enum FlowEndReason: String, Sendable {
  /// FIN from both sides.
  case closed
  /// RST.
  case reset
  /// Idle for longer than its timeout, or a new connection took its five-tuple.
  case idle
  /// A new SYN with a new sequence number took its five-tuple.
  case newConnection = "new_connection"
  /// The capture ended first.
  case endOfCapture = "end_of_capture"
}

/// One flow: a five-tuple and both its directions, from its first packet to its end.
public struct Flow: Sendable {
  /// Rank of the flow's first packet among all flows, from 1.
  public var id: Int
  /// Logical shard and index in it; how the other stages name the flow.
  package var place: FlowPlace
  /// IP protocol number; 0 for protected 802.11 frames.
  public var protocolNumber: UInt8
  /// Address that opened the flow; see `originatorBasis`.
  public var originatorAddress: IPAddress
  /// Address that answered.
  public var responderAddress: IPAddress
  /// Port of the originator, 0 where `hasPorts` is `false`.
  public var originatorPort: UInt16
  /// Port of the responder, 0 where `hasPorts` is `false`.
  public var responderPort: UInt16
  /// Whether the capture ends before the ports of the flow's first packet.
  package var lacksPorts = false
  /// How the originator was decided.
  public var originatorBasis = OriginatorBasis.firstPacket
  /// Why the flow ended.
  public var endReason = FlowEndReason.endOfCapture
  /// The flow's first packet.
  public var firstPacket: PacketReference
  /// Time of its last packet, nanoseconds since 1970.
  public var lastTime: Int64
  /// What the originator sent.
  public var originator = FlowCounters()
  /// What the responder sent.
  public var responder = FlowCounters()
  /// Innermost VLAN identifier of the first packet.
  public var vlan: UInt16?
  /// The outermost tunnel, see `tunnel`.
  package var tunnelCode: UInt8 = 0
  /// See `history`; text is made only for flows that are printed.
  package var connectionHistory = ConnectionHistory()
  /// Id of the flow that carries the same conversation on the other side of an address
  /// translator, where both sides were captured.
  public var translatedFlow: Int?
  /// Type and code of the first packet of an ICMP flow.
  package var firstMessage: UInt16 = 0
  /// Packets of which fewer bytes were captured than sent.
  public var truncatedPackets: UInt64 = 0
  /// Traffic over time; `nil` for flows that carried too little to matter.
  public var timeBins: TimeBins?
  /// Whether this is the sum of flows beyond `MemoryLimits`; addresses
  /// outside are then those of their networks, and the originator's port is 0.
  public var isRemainder = false
  /// The largest bursts of payload, in time order.
  public var bursts: [Burst] = []

  /// Makes a flow of which nothing is counted yet.
  package init(
    id: Int, place: FlowPlace, endpoints: FlowEndpoints, firstPacket: PacketReference,
    lastTime: Int64
  ) {
    self.id = id
    self.place = place
    protocolNumber = endpoints.protocolNumber
    originatorAddress = endpoints.originatorAddress
    responderAddress = endpoints.responderAddress
    originatorPort = endpoints.originatorPort
    responderPort = endpoints.responderPort
    self.firstPacket = firstPacket
    self.lastTime = lastTime
  }

  /// Nothing yet, to be overwritten by `FlowCollection.read`.
  package static let empty = Flow(
    id: 0, place: FlowPlace(shard: 0, index: 0),
    endpoints: FlowEndpoints(
      originatorAddress: .unspecified, responderAddress: .unspecified, originatorPort: 0,
      responderPort: 0, protocolNumber: 0),
    firstPacket: PacketReference(file: 0, frame: 0, time: 0), lastTime: 0)

  /// Name of the outermost tunnel the first packet came in.
  public var tunnel: String? { Tunnels.name(tunnelCode) }

  /// Connection history in Zeek's letters; empty for other protocols than TCP.
  public var history: String { connectionHistory.text }

  /// Whether the flow's ports are known: its protocol has them, and they were captured.
  public var hasPorts: Bool {
    switch protocolNumber {
    case 6, 17, 33, 132, 136: !lacksPorts
    default: false
    }
  }

  /// Segments of a direction with a closed window, or `nil` where they were not counted, because
  /// too many flows of a shard had some.
  public func zeroWindows(_ direction: FlowDirection) -> UInt32? {
    let count = counters(direction).zeroWindows
    return count == 0 && connectionHistory.holds(.zeroWindow, direction) ? nil : count
  }

  /// What one direction sent.
  public func counters(_ direction: FlowDirection) -> FlowCounters {
    direction == .fromOriginator ? originator : responder
  }
}

extension Flow {
  /// Sets what `tunnel` gives.
  package mutating func setTunnel(_ name: String?) {
    tunnelCode = name.flatMap(Tunnels.code(named:)) ?? 0
  }

  /// Sets what `history` gives.
  package mutating func setHistory(_ text: String?) {
    connectionHistory = ConnectionHistory(text: text ?? "")
  }
}

/// Names a flow between stages: its logical shard and its index there.
package struct FlowPlace: Hashable, Sendable, BitwiseCopyable, Comparable {
  package var shard: UInt32
  package var index: UInt32

  package init(shard: UInt32, index: UInt32) {
    self.shard = shard
    self.index = index
  }

  /// The place of the flow with a number in a shard.
  package init(_ index: Int, ofShard shard: Int) {
    self.init(
      shard: UInt32(truncatingIfNeeded: shard), index: UInt32(truncatingIfNeeded: index))
  }

  package static func < (lhs: FlowPlace, rhs: FlowPlace) -> Bool {
    lhs.shard == rhs.shard ? lhs.index < rhs.index : lhs.shard < rhs.shard
  }
}

extension FlowEndpoints {
  /// Whether this is a conversation of protected 802.11 frames, of which only MAC addresses show.
  package var isWireless: Bool {
    protocolNumber == 0 && originatorAddress.high == 0 && !originatorAddress.isIPv4
  }
}

extension Flow {
  /// The five-tuple, seen from its originator.
  package var endpoints: FlowEndpoints {
    FlowEndpoints(
      originatorAddress: originatorAddress, responderAddress: responderAddress,
      originatorPort: originatorPort, responderPort: responderPort,
      protocolNumber: protocolNumber)
  }
}
