// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import MediaInspection

@Suite struct KeyFrameLogTests {
  private func log(_ times: [Double]) -> KeyFrameLog {
    var log = KeyFrameLog()
    for (index, time) in times.enumerated() {
      log.add(
        PacketReference(file: 0, frame: UInt64(index + 1), time: Int64(time * 1_000_000_000)))
    }
    return log
  }

  @Test func medianAndPackets() {
    let log = log([0, 2, 4, 6.5, 20])
    #expect(log.count == 5)
    #expect(log.medianIntervalSeconds == 2.25)
    #expect(log.packets.map(\.frame) == [1, 2, 5])
  }

  @Test func oneKeyFrameHasNoInterval() {
    #expect(log([3]).medianIntervalSeconds == nil)
    #expect(log([3]).packets.map(\.frame) == [1])
    #expect(log([3, 4]).packets.map(\.frame) == [1, 2])
  }

  @Test func recordsOutOfOrderGiveNoInterval() {
    #expect(log([0, 2, 1, 3]).medianIntervalSeconds == 2)
    #expect(log([5, 3]).medianIntervalSeconds == nil)
  }

  @Test func longStreamsKeepTheirMedianInBoundedMemory() {
    let times = (0..<100_000).map { Double($0) * 2 + ($0 % 10 == 0 ? 0.5 : 0) }
    let log = log(times)
    #expect(log.count == 100_000)
    #expect(log.medianIntervalSeconds == 2)
  }

  /// A download sends in milliseconds what was filmed in seconds.
  @Test func distancesAreThoseOfTheMediaWhereItHasAClock() {
    var log = KeyFrameLog()
    for picture in 0..<5 {
      log.add(
        PacketReference(file: 0, frame: UInt64(picture), time: Int64(picture) * 1_000_000),
        at: UInt32.max - 90_000 &+ UInt32(picture) * 180_000)
    }
    #expect(log.medianIntervalSeconds == 2)
    // A new start of the clock is no distance.
    var jump = KeyFrameLog()
    jump.add(PacketReference(file: 0, frame: 1, time: 0), at: 1_000_000)
    jump.add(PacketReference(file: 0, frame: 2, time: 5), at: 0)
    #expect(jump.medianIntervalSeconds == nil)
  }
}
