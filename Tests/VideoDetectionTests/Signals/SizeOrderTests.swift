// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct SizeOrderTests {
  private func order(_ sample: SampleRhythm) -> SizeOrder {
    var order = SizeOrder()
    for window in sample.windows() {
      let groups = PacketGroups(window)
      order.add(SizeOrder(groups, clock: FrameClock.find(groups)))
    }
    return order
  }

  @Test func picturesFollowTheOnesBefore() {
    for keyFrames in [25, 100_000] {
      let order = order(.video(keyFrames: keyFrames, seconds: 40))
      #expect(order.strength >= 2 * order.needed)
    }
  }

  @Test(arguments: [0.05, 0.5, 1]) func sensorsDoNot(spread: Double) {
    let order = order(.periodic(rate: 20, bytes: 6_000, spread: spread, seconds: 60))
    #expect(order.strength < order.needed)
  }

  /// Large records at equal distances are no order: the mimic of classifier.md 2.1.
  @Test func regularLargeRecordsAreNone() {
    var mimic = SampleRhythm.periodic(rate: 10, bytes: 3_000, spread: 0.5, seconds: 60)
    for index in stride(from: 0, to: mimic.records.count, by: 10) {
      mimic.records[index].bytes *= 8
    }
    let order = order(mimic)
    #expect(order.strength < order.needed)
  }

  @Test func equalSizesAndFewGroupsHaveNone() {
    #expect(order(.periodic(rate: 25, bytes: 9_000, seconds: 40)).strength == 0)
    #expect(order(.periodic(rate: 1, bytes: 9_000, spread: 1, seconds: 10)).strength == 0)
    #expect(SizeOrder().strength == 0)
    #expect(SizeOrder().needed <= 1)
  }

  /// A line that cuts every record in two, one piece late, makes no order.
  @Test func whatTheLineCutIsPutTogether() {
    var sample = SampleRhythm.periodic(rate: 10, bytes: 8_000, spread: 0.6, seconds: 40)
    sample.records = sample.records.flatMap { record in
      [(time: record.time, bytes: 5_000), (time: record.time + 0.013, bytes: record.bytes - 5_000)]
    }
    let order = order(sample)
    #expect(order.strength < order.needed)
  }
}
