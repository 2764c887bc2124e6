// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct AudioLikeTests {
  @Test func smallAlikeGroupsAreSound() throws {
    let voice = SampleRhythm.periodic(rate: 50, bytes: 160, spread: 0.4)
    #expect(AudioLike.holds(PacketGroups(try #require(voice.windows().first))))
    #expect(!AudioLike.holds(PacketGroups(try #require(SampleRhythm.video().windows().first))))
  }
}
