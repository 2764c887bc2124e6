// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import LensTrace

/// Segments without packets, in order.
private final class EmptyFeed: SegmentFeed, @unchecked Sendable {
  private let count: Int
  private var next = 0
  private(set) var stitched: [Int] = []

  init(count: Int) { self.count = count }

  func nextTicket() -> SegmentTicket? {
    guard next < count else { return nil }
    next += 1
    return SegmentTicket(number: next - 1, source: 0, isSerial: false) { Segment() }
  }

  func stitch(_ segment: consuming Segment, of ticket: SegmentTicket) -> Segment {
    stitched.append(ticket.number)
    return segment
  }
}

@Suite struct PipelineTests {
  @Test(
    "Every shard sees every segment, whether or not a thread helps",
    arguments: [1, 2, 3], [true, false])
  func allSegments(threads: Int, helps: Bool) {
    let feed = EmptyFeed(count: 50)
    let shards = Mutex<[Int: Int]>([:])
    let pipeline = Pipeline(feed: feed, threadCount: threads) { _, range in
      shards.withLock { seen in for shard in range { seen[shard, default: 0] += 1 } }
    }
    pipeline.run(helps: { helps }, pause: { true })
    #expect(feed.stitched == Array(0..<50))
    #expect(shards.withLock { $0.count } == 64)
    #expect(shards.withLock { $0.values.allSatisfy { $0 == 50 } })
  }

  @Test("A thread helps again once it may")
  func changingHelp() {
    let feed = EmptyFeed(count: 200)
    let asked = Atomic(0)
    let tracked = Atomic(0)
    let pipeline = Pipeline(feed: feed, threadCount: 2) { _, range in
      tracked.wrappingAdd(range.count, ordering: .relaxed)
    }
    pipeline.run(
      helps: { asked.wrappingAdd(1, ordering: .relaxed).oldValue % 3 == 0 }, pause: { true })
    #expect(tracked.load(ordering: .relaxed) == 200 * 64)
  }

  @Test("Hashing is behind when the analysis is ahead of it by more than what is under way")
  func digestProgress() {
    let progress = DigestProgress()
    #expect(!progress.isBehind(0))
    #expect(!progress.isBehind(16 << 20))
    #expect(progress.isBehind((16 << 20) + 1))
    progress.add(1 << 20)
    #expect(!progress.isBehind(17 << 20))
    #expect(progress.isBehind(18 << 20))
    progress.end()
    #expect(!progress.isBehind(.max))
  }
}
