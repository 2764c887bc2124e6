// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@Suite struct RemainderTests {
  /// Queries and answers of ten connections to the same service.
  private static let packets: [TestPacket] = (0..<10).flatMap { connection($0) }

  private static func connection(_ index: Int) -> [TestPacket] {
    let port = UInt16(40_000 + index)
    let time = Int64(index) * 1_000
    return [
      TestPacket(time: time, sourcePort: port, sequenceNumber: 10, tcpFlags: 0x02),
      TestPacket(
        time: time + 1, isReversed: true, sourcePort: port, sequenceNumber: 90, tcpFlags: 0x12),
      TestPacket(time: time + 2, sourcePort: port, sequenceNumber: 11, payload: [1, 2, 3]),
      TestPacket(
        time: time + 3, isReversed: true, sourcePort: port, sequenceNumber: 91,
        payload: Array(repeating: 7, count: 20 + index)),
    ]
  }

  private static func flows(_ packets: [TestPacket], flowsOfShard: Int) -> [Flow] {
    var limits = MemoryLimits.standard
    limits.flows = flowsOfShard
    limits.remainders = max(1, flowsOfShard / 8)
    var harness = TrackingHarness(limits: limits)
    harness.track(packets)
    return harness.flows()
  }

  private static func sums(_ flows: [Flow], _ direction: FlowDirection) -> [UInt64] {
    flows.map { $0.counters(direction) }.reduce(into: [0, 0, 0]) { sums, counters in
      sums[0] += counters.packets
      sums[1] += counters.wireBytes
      sums[2] += counters.payloadBytes
    }
  }

  @Test("Flows beyond the bound become one remainder with exact sums")
  func remainder() throws {
    let bounded = Self.flows(Self.packets, flowsOfShard: 4)
    let all = Self.flows(Self.packets, flowsOfShard: 1_000)
    #expect(all.count == 10)
    #expect(bounded.count == 5)
    for direction in FlowDirection.allCases {
      #expect(Self.sums(bounded, direction) == Self.sums(all, direction))
    }
    let remainder = try #require(bounded.last)
    #expect(bounded.map(\.isRemainder) == [false, false, false, false, true])
    #expect(remainder.originatorAddress == IPAddress(v4: 0x0A00_0001))
    #expect(remainder.responderAddress == IPAddress(v4: 0xCB00_7100))
    #expect(remainder.originatorPort == 0)
    #expect(remainder.responderPort == 554)
    #expect(remainder.protocolNumber == 6)
    #expect(remainder.originator.packets == 12)
    #expect(remainder.firstPacket.frame == 17)
    #expect(remainder.originator.retransmittedBytes == 0)
  }

  @Test("Known flows go on when the table is full, and nothing of a remainder is handed out")
  func known() {
    var limits = MemoryLimits.standard
    limits.flows = 1
    var harness = TrackingHarness(limits: limits)
    harness.track([
      TestPacket(sourcePort: 1_000, sequenceNumber: 10, payload: [1]),
      TestPacket(sourcePort: 2_000, sequenceNumber: 10, payload: [2]),
      TestPacket(sourcePort: 1_000, sequenceNumber: 11, payload: [3]),
    ])
    #expect(harness.streams[.fromOriginator] == [1, 3])
    let folded = harness.table.foldedPackets
    #expect(folded == BoundCount(count: 1, firstTime: 0))
    let others = harness.events.contains { $0.flow != 0 }
    #expect(!others)
  }

  @Test("Remainders have a bound too: beyond it, one for each protocol")
  func bound() {
    var packets: [TestPacket] = []
    for index: UInt8 in 0..<50 {
      var packet = TestPacket(time: Int64(index), payload: [index])
      packet.protocolNumber = index.isMultiple(of: 2) ? 6 : 17
      packet.destinationPort = 100 + UInt16(index)
      packets.append(packet)
    }
    let bounded = Self.flows(packets, flowsOfShard: 8)
    // Eight flows, one remainder by host and port, one for TCP and one for UDP.
    #expect(bounded.count == 11)
    #expect(bounded.reduce(0) { $0 + $1.originator.packets + $1.responder.packets } == 50)
    #expect(
      bounded.reduce(0) { $0 + $1.originator.payloadBytes + $1.responder.payloadBytes } == 50)
  }
}
