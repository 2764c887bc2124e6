// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import FlowTracking

/// What is told of flows beside their counts has bounds of its own; the counts stay exact.
@Suite struct BoundedDetailTests {
  private static let second: Int64 = 1_000_000_000

  private static func limits(_ change: (inout MemoryLimits) -> Void) -> MemoryLimits {
    var limits = MemoryLimits.standard
    change(&limits)
    return limits
  }

  /// Three flows, each with a hole of ten bytes that is filled late, and a repetition.
  private static var disordered: [TestPacket] {
    (0..<3).flatMap { flow in
      [(100, 10), (120, 10), (100, 10), (130, 10)].enumerated().map { index, segment in
        TestPacket(
          time: Int64(flow * 10 + index), sourcePort: UInt16(1_000 + flow),
          sequenceNumber: UInt32(segment.0), payload: Array(repeating: 1, count: segment.1))
      }
    }
  }

  @Test func disorderOfMoreFlowsIsCountedAndNotTold() {
    var harness = TrackingHarness(limits: Self.limits { $0.disorders = 2 })
    harness.track(Self.disordered)
    let leftOut = harness.table.disordersLeftOut
    let kept = harness.table.disorders.count
    #expect(kept == 2)
    // The segment ahead and the repetition; what follows is in order again.
    #expect(leftOut == BoundCount(count: 2, firstTime: 21))
    let flows = harness.flows()
    #expect(flows.map(\.originator.payloadBytes) == [40, 40, 40])
    #expect(flows.map(\.originator.retransmittedBytes) == [10, 10, 0])
    #expect(flows.map(\.originator.missingBytes) == [10, 10, 0])
    // That something was missing and repeated is in the history all the same.
    #expect(flows[2].history.contains("G"))
    #expect(flows[2].history.contains("T"))
  }

  /// The bytes that are handed out are the same ones, gaps included.
  @Test func disorderThatIsNotToldLeavesTheStreamInOrder() {
    let packets = Array(Self.disordered.prefix(4))
    var bounded = TrackingHarness(limits: Self.limits { $0.disorders = 0 })
    bounded.track(packets)
    bounded.finish()
    var free = TrackingHarness()
    free.track(packets)
    free.finish()
    let (first, second) = (bounded.streams, free.streams)
    #expect(first[.fromOriginator]?.count == 40)
    #expect(first == second)
  }

  @Test func copiesOfMoreFlowsCountToTheCaptureOnly() {
    var harness = TrackingHarness(limits: Self.limits { $0.copies = 1 })
    for flow in 0..<2 {
      var packet = TestPacket(time: Int64(flow), sourcePort: UInt16(1_000 + flow), payload: [1, 2])
      packet.fingerprint = UInt64(flow + 1) << 40 | 0x9999
      harness.track([packet, packet])
    }
    let (leftOut, packets) = (harness.table.copiesLeftOut, harness.table.duplicatePackets)
    #expect(leftOut == BoundCount(count: 1, firstTime: 1))
    #expect(packets == 2)
    let flows = harness.flows()
    #expect(flows.map(\.originator.packets) == [2, 2])
    #expect(flows.map(\.originator.duplicatePackets) == [1, 0])
  }

  private static func heavy(flow: Int, seconds: some Sequence<Int>) -> [TestPacket] {
    seconds.map { second in
      TestPacket(
        time: Int64(second) * Self.second, protocolNumber: 17, sourcePort: UInt16(1_000 + flow),
        payload: [1], payloadLength: 20_000)
    }
  }

  @Test func trafficOfMoreFlowsIsNotKeptAndEachCountsOnce() {
    var harness = TrackingHarness(limits: Self.limits { $0.traffics = 1 })
    harness.track((0..<3).flatMap { Self.heavy(flow: $0, seconds: $0..<$0 + 5) })
    let leftOut = harness.table.trafficsLeftOut
    #expect(leftOut == BoundCount(count: 2, firstTime: Self.second))
    let flows = harness.flows()
    #expect(flows.map { $0.timeBins != nil } == [true, false, false])
    #expect(flows.map(\.originator.payloadBytes) == [100_000, 100_000, 100_000])
  }

  @Test func secondsAreJoinedWhereAllFlowsHaveTooMany() throws {
    var harness = TrackingHarness(limits: Self.limits { $0.timeBins = 64 })
    harness.track(
      (0..<4).flatMap { Self.heavy(flow: $0, seconds: stride(from: 0, to: 600, by: 50)) })
    let (joined, count) = (harness.table.timeBinsJoined, harness.table.timeBinCount)
    #expect(joined.count == 4)
    #expect(count <= 2 * 64)
    let flows = harness.flows()
    #expect(count == flows.reduce(0) { $0 + ($1.timeBins?.bins.count ?? 0) })
    for flow in flows {
      let bins = try #require(flow.timeBins)
      #expect(bins.width > 1)
      #expect(bins.bins.reduce(0) { $0 + Int($1.packets.originator) } == 12)
      #expect(bins.bins.reduce(0) { $0 + Int($1.payloadBytes.originator) } == 12 * 20_000)
    }
  }
}
