// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import FlowTracking

struct RhythmRingTests {
  private func packet(_ seconds: Double, port: UInt16 = 40_000, bytes: Int = 1_000) -> TestPacket {
    TestPacket(
      time: 1_000_000_000_000 + Int64((seconds * 1e9).rounded()), protocolNumber: 17,
      sourcePort: port,
      payloadLength: bytes)
  }

  @Test func groupsEndAtPausesAndWindowsAtTenSeconds() throws {
    var harness = TrackingHarness()
    // Four packets 1 ms apart, 25 times a second.
    var packets: [TestPacket] = []
    for group in 0..<625 {
      for part in 0..<4 {
        let offset = Double(part) / 1_000
        packets.append(packet(Double(group) / 25 + offset))
      }
    }
    harness.track(packets)
    harness.finish()
    let windows = harness.table.takeClosedWindows()
    #expect(windows.count == 3)
    let first = try #require(windows.first)
    #expect(first.groups.count == 250)
    #expect(first.groups.allSatisfy { $0.bytes == 4_000 && $0.duration == 3_000 })
    #expect(first.isWhole)
    #expect(first.bytes == 1_000_000)
    #expect(first.packets.count == RhythmWindow.maximumPackets)
    #expect(windows.last?.isWhole == false)
  }

  @Test func slowFlowsAreNoCandidates() {
    var harness = TrackingHarness()
    harness.track((0..<200).map { packet(Double($0), bytes: 1_000) })
    harness.finish()
    let windows = harness.table.takeClosedWindows()
    #expect(windows.isEmpty)
  }

  @Test func aPauseBeginsANewWindow() throws {
    var harness = TrackingHarness()
    harness.track((0..<200).map { packet(Double($0) / 20, bytes: 2_000) })
    harness.track((0..<200).map { packet(47 + Double($0) / 20, bytes: 2_000) })
    harness.finish()
    let windows = harness.table.takeClosedWindows()
    #expect(windows.count == 2)
    let last = try #require(windows.last)
    #expect(last.groups.first?.start == 0)
  }

  @Test func theSlowestLeavesWhereTooManyAreMeasured() {
    var harness = TrackingHarness()
    var packets: [TestPacket] = []
    let flows = MemoryLimits.standard.rhythms + 3
    for index in 0..<160 {
      for flow in 0..<flows {
        // Later flows are faster.
        let offset = Double(flow) / 10_000
        let port = UInt16(10_000 + flow)
        packets.append(packet(Double(index) / 20 + offset, port: port, bytes: 2_000 + flow))
      }
    }
    harness.track(packets)
    #expect(harness.table.rhythmRefusals.count == 3)
    #expect(harness.table.rhythmRefusals.map(\.flow) == [0, 1, 2])
  }
}
