// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// A pair of values, one for each direction of a flow.
///
/// Side by side in memory, so that choosing a direction is an address and not a branch.
struct Directions<Value: BitwiseCopyable>: BitwiseCopyable {
  private var values: InlineArray<2, Value>

  @inline(__always)
  init(_ value: Value) {
    values = InlineArray(repeating: value)
  }

  var originator: Value {
    @inline(__always) _read { yield values[0] }
    @inline(__always) _modify { yield &values[0] }
  }

  var responder: Value {
    @inline(__always) _read { yield values[1] }
    @inline(__always) _modify { yield &values[1] }
  }

  subscript(direction: FlowDirection) -> Value {
    @inline(__always) _read { yield values[Int(direction.rawValue & 1)] }
    @inline(__always) _modify { yield &values[Int(direction.rawValue & 1)] }
  }
}

/// Bits of a flow's state.
struct FlowState: OptionSet, BitwiseCopyable {
  let rawValue: UInt16

  /// The originator is the second endpoint of the key.
  static let originatorIsSecond = FlowState(rawValue: 1 << 0)
  /// The next sequence number of the originator or of the responder is known.
  static let originatorSequenceKnown = FlowState(rawValue: 1 << 1)
  static let responderSequenceKnown = FlowState(rawValue: 1 << 2)
  static let originatorFinished = FlowState(rawValue: 1 << 3)
  static let responderFinished = FlowState(rawValue: 1 << 4)
  static let wasReset = FlowState(rawValue: 1 << 5)
  static let hasEnded = FlowState(rawValue: 1 << 6)
  /// The originator's SYN was seen (not inferred).
  static let sawSYN = FlowState(rawValue: 1 << 7)
  /// The flow's seconds are kept.
  static let hasTimeBins = FlowState(rawValue: 1 << 8)
  /// Segments of a direction wait for a hole before them to be filled.
  static let hasWaiting = FlowState(rawValue: 1 << 9)
  /// The entry holds the sums of flows beyond the bound.
  static let isRemainder = FlowState(rawValue: 1 << 10)
  /// The ports of the first packet were not captured.
  static let lacksPorts = FlowState(rawValue: 1 << 11)
  /// The flow's seconds should be kept, but those of too many others are.
  static let lacksTraffic = FlowState(rawValue: 1 << 12)

  /// `originatorSequenceKnown` or `responderSequenceKnown`.
  @inline(__always)
  static func sequenceKnown(_ direction: FlowDirection) -> FlowState {
    FlowState(rawValue: originatorSequenceKnown.rawValue &<< UInt16(direction.rawValue))
  }

  /// `originatorFinished` or `responderFinished`.
  @inline(__always)
  static func finished(_ direction: FlowDirection) -> FlowState {
    FlowState(rawValue: originatorFinished.rawValue &<< UInt16(direction.rawValue))
  }

  static let closed: FlowState = [.originatorFinished, .responderFinished]
}

/// What a packet changes in its own direction.
struct FlowSide: BitwiseCopyable {
  /// `Int64.min` where the direction has no packet.
  var lastTime = Int64.min
  var wireBytes: UInt64 = 0
  var payloadBytes: UInt64 = 0
  /// Modulo 2^32; `FlowOrigin.packetCarry` counts the wraps.
  var packets: UInt32 = 0
  /// Sequence number of the next new byte.
  var nextSequence: UInt32 = 0
}

/// What every packet of a flow touches, in two cache lines; the rest is in `FlowOrigin`.
struct FlowEntry: BitwiseCopyable {
  var firstHigh: UInt64
  var firstLow: UInt64
  var secondHigh: UInt64
  var secondLow: UInt64
  var portsAndProtocol: UInt64

  var sides = Directions(FlowSide())
  /// Index of the flow's traffic over time plus one; 0 for none.
  var traffic: UInt32 = 0
  /// Index of the flow's detail plus one; 0 for none.
  var detail: UInt32 = 0
  var truncatedPackets: UInt32 = 0
  /// Which letters of the history were noted, see `ConnectionHistory`.
  var historySeen: UInt32 = 0
  var state: FlowState = []
  var interest = Directions<FlowInterest>(.stream)
  var tcpFlags = Directions<UInt8>(0)
}

/// What is written when a flow or one of its directions begins, and read when it is reported.
struct FlowOrigin: BitwiseCopyable {
  /// `Int64.min` where the direction has no packet.
  var firstTime = Directions<Int64>(.min)
  /// MAC address (48 bits, or all ones for none) | time to live | traffic class, for each sender.
  var link = Directions<UInt64>(FlowOrigin.noLink)
  var firstFrame: UInt64
  var firstNumber: UInt64
  var history = ConnectionHistory()
  /// Sequence number of the stream's first byte (the one after SYN, or the first seen).
  var initialSequence = Directions<UInt32>(0)
  var firstFile: UInt32
  var packetCarry = Directions<UInt16>(0)
  var vlan: UInt16
  var tunnel: UInt8
  var originatorBasis: UInt8
  var endReason: UInt8

  static let noLink: UInt64 = 0xFFFF_FFFF_FFFF_0000
}
