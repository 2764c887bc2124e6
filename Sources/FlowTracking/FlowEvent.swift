// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// One of the two directions of a flow, as seen from its originator.
public enum FlowDirection: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  /// From the originator to the responder.
  case fromOriginator = 0
  /// From the responder to the originator.
  case fromResponder = 1

  /// The other direction.
  public var reversed: FlowDirection { self == .fromOriginator ? .fromResponder : .fromOriginator }
}

/// What a consumer still wants to see of one direction of a flow.
///
/// An interest only ever falls. It takes effect with the next batch at the latest, so a consumer
/// ignores events of a direction that it has given up.
package enum FlowInterest: UInt8, Sendable, Comparable, BitwiseCopyable {
  /// Counters and timing only.
  case none = 0
  /// Every datagram of a UDP flow, and for TCP what `stream` gives.
  case datagrams = 1
  /// TCP: every byte in order. UDP: every datagram.
  case stream = 2

  package static func < (lhs: FlowInterest, rhs: FlowInterest) -> Bool {
    lhs.rawValue < rhs.rawValue
  }
}

/// Something that happened to a flow, in packet order.
package struct FlowEvent: Sendable, BitwiseCopyable {
  /// What happened.
  package enum Kind: UInt8, Sendable, BitwiseCopyable {
    /// The flow's first packet.
    case started
    /// One datagram of a protocol without a stream (UDP and others).
    case datagram
    /// TCP bytes in stream order.
    case bytes
    /// TCP bytes that were sent but not captured, `length` of them.
    case gap
    /// The flow ended (closed or timed out, not at the end of the capture); its index is not used
    /// again.
    case ended
  }

  /// Where the bytes of an event lie.
  package enum Source: UInt8, Sendable, BitwiseCopyable {
    /// In the batch's block.
    case block
    /// In the batch's joined datagrams.
    case joined
    /// In the flow table's arena of bytes that waited for reordering.
    case arena
  }

  package var kind: Kind
  package var direction: FlowDirection
  package var source: Source
  /// Index of the flow in its shard, dense from 0 in order of first packets, never reused.
  package var flow: UInt32
  /// Index of the packet in the batch; for `ended` the packet that showed it.
  package var packet: UInt32
  /// Offset of the bytes in their source.
  package var offset: UInt32
  /// Number of bytes at `offset`; for `gap` the number of bytes missing.
  package var length: UInt32
  /// Number of payload bytes on the wire; above `length` where the capture was cut.
  package var originalLength: UInt32
  /// TCP: offset of the first byte since the start of the direction's stream, modulo 2^32; a FIN
  /// that bytes follow in spite of it counts as one byte, as in sequence numbers.
  package var streamOffset: UInt32
}

/// The endpoints of a flow and what is needed to name it.
package struct FlowEndpoints: Sendable, BitwiseCopyable {
  package var originatorAddress: IPAddress
  package var responderAddress: IPAddress
  package var originatorPort: UInt16
  package var responderPort: UInt16
  /// IP protocol number.
  package var protocolNumber: UInt8

  package init(
    originatorAddress: IPAddress, responderAddress: IPAddress, originatorPort: UInt16,
    responderPort: UInt16, protocolNumber: UInt8
  ) {
    self.originatorAddress = originatorAddress
    self.responderAddress = responderAddress
    self.originatorPort = originatorPort
    self.responderPort = responderPort
    self.protocolNumber = protocolNumber
  }
}
