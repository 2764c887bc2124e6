// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import FlowTracking
internal import PacketDecoding

/// A piece of a capture on its way through the engine: decoded batches in file order.
struct Segment: Sendable {
  /// The batches, with their packets grouped by shard.
  var batches: [OrderedBatch] = []
  /// What the batches were framed from, where the file is read in parallel.
  var framed: FramedSegment?
  /// How that file is cut into segments.
  var plan: SegmentPlan?
}

/// A batch and its packets grouped by shard.
struct OrderedBatch: Sendable {
  var batch: PacketBatch
  var order: ShardOrder
  /// Sums over the selected packets, where not all are.
  var selected: SelectedPackets?

  init(_ batch: PacketBatch, selected: SelectedPackets? = nil) {
    self.batch = batch
    self.selected = selected
    order = ShardOrder(batch.packets)
  }

  /// Puts the batch at its place in the file, once that is certain.
  mutating func place(atFrame frame: UInt64) {
    selected?.last?.frame &+= frame &- batch.firstFrame
    batch.firstFrame = frame
  }
}

/// Hands out the capture in segments: reading, framing and decoding are the tickets' work, order
/// and defragmentation the feed's.
protocol SegmentFeed: AnyObject {
  /// The next segment to be read, or `nil` at the end. Called by one thread at a time.
  func nextTicket() -> SegmentTicket?
  /// Puts a decoded segment in its place. Called once a segment, in order, by one thread at a time.
  func stitch(_ segment: consuming Segment, of ticket: SegmentTicket) -> Segment
}

/// The work of reading and decoding one segment.
struct SegmentTicket: Sendable {
  /// Position in the feed's order, from 0.
  var number: Int
  /// The feed's source that it reads.
  var source: Int
  /// Whether no other ticket may be under way: the source can only be read in order.
  var isSerial: Bool
  /// Reads and decodes; may run on any thread.
  var decode: @Sendable () -> Segment
}

/// Runs the four steps of the engine (DESIGN.md §2) on any number of threads.
///
/// One loop serves one thread and many: each takes the most urgent task there is. Tracking comes
/// first, lagging shards before others, because it frees memory; then stitching; then reading
/// ahead, as far as the window of segments allows. What changes is guarded by the lock, hence
/// `Sendable`.
final class Pipeline: @unchecked Sendable {
  private let feed: any SegmentFeed
  private let track: @Sendable (borrowing Segment, Range<Int>) -> Void
  private let monitor = Monitor()
  private let threadCount: Int
  /// Segments under way at most; the back-pressure.
  private let window: Int

  // All below is guarded by `monitor`.
  private var pending: [PendingSegment] = []
  private var firstPending = 0
  private var nextToStitch = 0
  private var isStitching = false
  private var isSerialBusy = false
  private var isExhausted = false
  private var groups: [ShardGroup]
  private var isStopped = false

  private struct PendingSegment {
    var ticket: SegmentTicket
    var segment: Segment?
  }

  private struct ShardGroup {
    var shards: Range<Int>
    var next = 0
    var isBusy = false
  }

  private enum Task {
    /// With what of the group `perform` needs: it works without the lock.
    case track(group: Int, shards: Range<Int>, segment: Segment)
    case stitch(SegmentTicket, Segment)
    case decode(SegmentTicket)
  }

  /// Makes a pipeline that hands each stitched segment to `track`, once for every group of shards.
  init(
    feed: any SegmentFeed, threadCount: Int,
    track: @escaping @Sendable (borrowing Segment, Range<Int>) -> Void
  ) {
    self.feed = feed
    self.track = track
    self.threadCount = max(1, threadCount)
    window = threadCount <= 1 ? 1 : threadCount * 4
    let groupCount = threadCount <= 1 ? 1 : min(ShardOrder.shardCount, threadCount * 4)
    let size = (ShardOrder.shardCount + groupCount - 1) / groupCount
    groups = stride(from: 0, to: ShardOrder.shardCount, by: size).map {
      ShardGroup(shards: $0..<min($0 + size, ShardOrder.shardCount))
    }
  }

  /// Runs until the feed is exhausted.
  ///
  /// The caller's thread works too; between its tasks it calls `pause`, which returns whether to
  /// go on reading. What was read before is tracked to its end either way. One of the threads
  /// works only while `helps` says so, and asks again after every task of the others.
  func run(helps: @escaping @Sendable () -> Bool, pause: () -> Bool) {
    let helper = WorkerThreads(min(threadCount - 1, 1)) { [self] in work(while: helps) { true } }
    let others = WorkerThreads(threadCount - 2) { [self] in work { true } }
    work(pause: pause)
    helper.join()
    others.join()
  }

  private func work(while helps: () -> Bool = { true }, pause: () -> Bool) {
    monitor.lock()
    while true {
      if helps(), let task = takeTask() {
        monitor.unlock()
        let result = perform(task)
        let goesOn = pause()
        monitor.lock()
        if !goesOn { isStopped = true }
        complete(task, result)
        if threadCount > 1 { monitor.wakeAll() }
      } else if isFinished {
        break
      } else {
        monitor.wait()
      }
    }
    monitor.unlock()
    monitor.wakeAll()
  }

  private var isFinished: Bool { isExhausted && pending.isEmpty }

  private func takeTask() -> Task? {
    var laggard: Int?
    for index in groups.indices
    where !groups[index].isBusy && groups[index].next < nextToStitch
      && (laggard.map { groups[index].next < groups[$0].next } ?? true)
    {
      laggard = index
    }
    if let laggard, let segment = pending[groups[laggard].next - firstPending].segment {
      groups[laggard].isBusy = true
      return .track(group: laggard, shards: groups[laggard].shards, segment: segment)
    }
    let position = nextToStitch - firstPending
    if !isStitching, position < pending.count, let segment = pending[position].segment {
      isStitching = true
      pending[position].segment = nil
      return .stitch(pending[position].ticket, segment)
    }
    guard pending.count < window, !isExhausted, !isSerialBusy else { return nil }
    guard !isStopped, let ticket = feed.nextTicket() else {
      isExhausted = true
      return nil
    }
    isSerialBusy = ticket.isSerial
    pending.append(PendingSegment(ticket: ticket))
    return .decode(ticket)
  }

  private func perform(_ task: Task) -> Segment? {
    switch task {
    case .track(_, let shards, let segment):
      track(segment, shards)
      return nil
    case .stitch(let ticket, let segment):
      return feed.stitch(segment, of: ticket)
    case .decode(let ticket):
      return ticket.decode()
    }
  }

  private func complete(_ task: Task, _ result: Segment?) {
    switch task {
    case .track(let group, _, _):
      groups[group].isBusy = false
      groups[group].next += 1
      var oldest = Int.max
      for group in groups { oldest = min(oldest, group.next) }
      while firstPending < oldest, !pending.isEmpty {
        pending.removeFirst()
        firstPending += 1
      }
    case .stitch(let ticket, _):
      pending[ticket.number - firstPending].segment = result
      nextToStitch += 1
      isStitching = false
    case .decode(let ticket):
      pending[ticket.number - firstPending].segment = result
      if ticket.isSerial { isSerialBusy = false }
    }
  }
}
