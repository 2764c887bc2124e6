// SPDX-License-Identifier: Apache-2.0

/// The last ranges of a TCP stream that were passed over, so that a late segment can be told from
/// a retransmission and its bytes taken back from the missing ones.
struct SequenceHoles: BitwiseCopyable {
  /// Holes remembered; reordering opens one or two at a time.
  static let capacity = 4

  private var starts = InlineArray<4, UInt32>(repeating: 0)
  private var lengths = InlineArray<4, UInt32>(repeating: 0)
  private var next: UInt8 = 0

  /// Remembers that `length` bytes from `start` on were passed over.
  mutating func open(at start: UInt32, length: UInt32) {
    let index = Int(next & 3)
    starts[index] = start
    lengths[index] = length
    next = next &+ 1
  }

  /// Takes the bytes of a late segment out of the holes and returns how many were in one.
  mutating func fill(from start: UInt32, length: UInt32) -> UInt32 {
    var filled: UInt32 = 0
    for index in 0..<Self.capacity where lengths[index] > 0 {
      let from = max(0, Int64(Int32(bitPattern: start &- starts[index])))
      let to = min(
        Int64(lengths[index]),
        Int64(Int32(bitPattern: start &- starts[index])) + Int64(length))
      guard to > from else { continue }
      filled &+= UInt32(truncatingIfNeeded: to - from)
      // What is left of the hole: the longer of the two ends.
      let before = UInt32(truncatingIfNeeded: from)
      let after = lengths[index] &- UInt32(truncatingIfNeeded: to)
      if before >= after {
        lengths[index] = before
      } else {
        starts[index] = starts[index] &+ UInt32(truncatingIfNeeded: to)
        lengths[index] = after
      }
    }
    return filled
  }
}
