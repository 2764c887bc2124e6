// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

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
    /// Payload bytes in the capture.
    ///
    /// They count against the bounds even where nobody follows them, so that holes are given up at
    /// the same packet in either case.
    var capturedLength: UInt32
    /// The captured payload; empty where nobody follows the bytes.
    var bytes: [UInt8]
  }

  private(set) var segments: [Segment] = []
  private(set) var byteCount = 0

  var isEmpty: Bool { segments.isEmpty }

  /// Bytes of memory that count against the budget: those of an array and a segment beside the
  /// payload.
  var cost: Int { byteCount + segments.count * 64 }

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
    byteCount += Int(segment.capturedLength)
    segments.insert(segment, at: index)
  }

  /// Lets go of the bytes and keeps where they lie.
  mutating func dropBytes() {
    for index in segments.indices { segments[index].bytes = [] }
  }

  /// Takes out the first segment.
  mutating func removeFirst() -> Segment? {
    guard !segments.isEmpty else { return nil }
    let segment = segments.removeFirst()
    byteCount -= Int(segment.capturedLength)
    return segment
  }
}

/// What all streams of a shard may hold back together.
struct WaitingBudget {
  /// `MemoryLimits.reassemblyBytes`.
  private let maximumBytes: Int

  /// Directions in the order in which they began to wait; some wait no more.
  private var queue: [(place: UInt32, direction: FlowDirection)] = []
  private var head = 0
  /// Entries after which the queue is looked through for directions that wait no more.
  private var staleCount = Self.leastStaleCount
  private(set) var byteCount = 0
  /// Directions whose holes were given up.
  private(set) var givenUp = BoundCount()

  private static let leastStaleCount = 1_024

  init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

  var isExceeded: Bool { byteCount > maximumBytes }

  var isQueueStale: Bool { queue.count - head > staleCount }

  mutating func change(from before: Int, to after: Int) {
    byteCount += after - before
  }

  mutating func enqueue(_ place: Int, _ direction: FlowDirection) {
    queue.append((UInt32(truncatingIfNeeded: place), direction))
  }

  /// The direction that began to wait first.
  mutating func dequeue() -> (Int, FlowDirection)? {
    guard head < queue.count else { return nil }
    let (place, direction) = queue[head]
    head += 1
    if head > 64, head * 2 > queue.count {
      queue.removeFirst(head)
      head = 0
    }
    return (Int(place), direction)
  }

  /// Empties the queue to fill it with the directions that still wait, each once; what is put back
  /// may double before it is looked through again.
  mutating func takeQueue() -> [(Int, FlowDirection)] {
    var seen: Set<UInt64> = []
    var live: [(Int, FlowDirection)] = []
    for (place, direction) in queue[head...]
    where seen.insert(UInt64(place) << 1 | UInt64(direction.rawValue)).inserted {
      live.append((Int(place), direction))
    }
    queue = []
    head = 0
    staleCount = max(Self.leastStaleCount, 2 * live.count)
    return live
  }

  mutating func noteGivenUp(at time: Int64) { givenUp.note(at: time) }
}
