// SPDX-License-Identifier: Apache-2.0

/// Segments of one direction that arrived ahead of a hole and wait for it to be filled.
struct WaitingSegments {
  /// Bytes a direction may hold back; beyond, the oldest hole becomes a gap (DESIGN.md §9).
  static let maximumBytes = 256 << 10
  /// Segments a direction may hold back, so that tiny segments cost no more than large ones.
  static let maximumCount = 256

  /// A segment, the payload cut by the snap length as it was captured.
  struct Segment {
    var sequence: UInt32
    /// Payload bytes on the wire.
    var originalLength: UInt32
    var bytes: [UInt8]
  }

  private(set) var segments: [Segment] = []
  private(set) var byteCount = 0

  var isEmpty: Bool { segments.isEmpty }

  var isFull: Bool { byteCount > Self.maximumBytes || segments.count > Self.maximumCount }

  /// Sequence number of the first waiting byte; meaningless when empty.
  var firstSequence: UInt32 { segments.first?.sequence ?? 0 }

  /// Keeps a segment in order of its sequence number, the earlier arrival first among equals.
  mutating func insert(_ segment: Segment) {
    var index = segments.count
    while index > 0,
      Int32(bitPattern: segments[index - 1].sequence &- segment.sequence) > 0
    {
      index -= 1
    }
    byteCount += segment.bytes.count
    segments.insert(segment, at: index)
  }

  /// Takes out the first segment.
  mutating func removeFirst() -> Segment? {
    guard !segments.isEmpty else { return nil }
    let segment = segments.removeFirst()
    byteCount -= segment.bytes.count
    return segment
  }
}
