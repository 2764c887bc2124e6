// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct VaryingSizesTests {
  @Test func picturesVaryAndSamplesDoNot() throws {
    let video = try #require(SampleRhythm.video().windows().first)
    #expect(VaryingSizes.holds(PacketGroups(video)))
    let sensor = try #require(
      SampleRhythm.periodic(rate: 20, bytes: 5_000, spread: 0.1).windows().first)
    #expect(!VaryingSizes.holds(PacketGroups(sensor)))
  }
}
