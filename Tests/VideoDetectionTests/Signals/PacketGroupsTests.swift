// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct PacketGroupsTests {
  @Test func smallGroupsAreNoPictures() throws {
    var sample = SampleRhythm.video()
    for index in 0..<100 { sample.records.append((Double(index) / 10 + 0.02, 60)) }
    sample.records.sort { $0.time < $1.time }
    let groups = PacketGroups(try #require(sample.windows().first))
    #expect(groups.starts.count == 250)
    // Every second small one falls into a picture.
    #expect(groups.allSizes.sorted.count == 300)
    #expect(groups.areMultiplePackets)
  }

  @Test func theStartOfAContinuedGroupIsNotUsed() throws {
    var window = try #require(SampleRhythm.video().windows().first)
    window.groups[0].isContinued = true
    #expect(PacketGroups(window).starts.count == 249)
    #expect(PacketGroups(window).groups.count == 250)
  }
}
