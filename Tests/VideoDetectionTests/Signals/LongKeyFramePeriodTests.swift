// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct LongKeyFramePeriodTests {
  private func find(_ sample: SampleRhythm) -> LongKeyFramePeriod? {
    let windows = sample.windows()
    var ring = LongKeyFramePeriod.Ring()
    for window in windows { ring.add(window, origin: windows[0].start) }
    return LongKeyFramePeriod.find(ring)
  }

  @Test func findsKeyFramesTwelveSecondsApart() throws {
    let period = try #require(find(.video(rate: 20, keyFrames: 250, seconds: 80)))
    #expect((period.seconds - 12.5).magnitude < 0.05)
    #expect(period.frames == 7)
  }

  @Test func irregularLargePicturesAreNoKeyFrames() {
    var sample = SampleRhythm.video(rate: 20, keyFrames: 100_000, seconds: 80)
    for second in [3, 11, 30, 37, 61] { sample.records[second * 20].bytes = 60_000 }
    #expect(find(sample) == nil)
  }

  @Test func keepsTheLastSecondsOnly() {
    var ring = LongKeyFramePeriod.Ring()
    let windows = SampleRhythm.video(seconds: 300).windows()
    for window in windows { ring.add(window, origin: windows[0].start) }
    #expect(ring.ordered.count == Int(RhythmThresholds.pictureSeconds.value))
    #expect(zip(ring.ordered.dropFirst(), ring.ordered).allSatisfy { $0.time > $1.time })
  }
}
