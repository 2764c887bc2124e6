// SPDX-License-Identifier: Apache-2.0

/// What only TCP flows out of order have: repetitions, holes and waiting segments.
struct FlowDisorder {
  var retransmittedBytes = Directions<UInt64>(0)
  var missingBytes = Directions<UInt64>(0)
  var gaps = Directions<UInt32>(0)
  var outOfOrder = Directions<UInt32>(0)
  var zeroWindows = Directions<UInt32>(0)
  var keepAlives = Directions<UInt32>(0)

  var holes = Directions<SequenceHoles>(SequenceHoles())
  private var originatorSegments = WaitingSegments()
  private var responderSegments = WaitingSegments()

  var nothingWaits: Bool { originatorSegments.isEmpty && responderSegments.isEmpty }

  func waiting(_ direction: FlowDirection) -> WaitingSegments {
    direction == .fromOriginator ? originatorSegments : responderSegments
  }

  mutating func setWaiting(_ segments: consuming WaitingSegments, _ direction: FlowDirection) {
    if direction == .fromOriginator {
      originatorSegments = segments
    } else {
      responderSegments = segments
    }
  }

  /// Takes the segments out, so that they are changed in place and not copied.
  mutating func takeWaiting(_ direction: FlowDirection) -> WaitingSegments {
    let segments = waiting(direction)
    setWaiting(WaitingSegments(), direction)
    return segments
  }
}
