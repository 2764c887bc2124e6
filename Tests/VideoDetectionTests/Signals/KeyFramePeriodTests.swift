// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct KeyFramePeriodTests {
  private func find(_ sample: SampleRhythm) throws -> KeyFramePeriod? {
    let groups = PacketGroups(try #require(sample.windows().first))
    return KeyFramePeriod.find(groups, clock: FrameClock.find(groups))
  }

  @Test(arguments: [(25.0, 25), (25, 50), (30, 60), (15, 30), (10, 40)])
  func findsTheDistanceOfKeyFrames(rate: Double, keyFrames: Int) throws {
    let period = try #require(try find(.video(rate: rate, keyFrames: keyFrames)))
    #expect((period.seconds - Double(keyFrames) / rate).magnitude < 0.06)
    #expect(period.prominence >= RhythmThresholds.keyFrameProminence.value)
  }

  @Test func sizesWithoutKeyFramesHaveNoPeriod() throws {
    #expect(try find(.video(keyFrames: 100_000)) == nil)
    #expect(try find(.random(rate: 25, bytes: 5_000)) == nil)
  }

  /// One window of noise may show a period by chance; half of the windows the same one may not,
  /// which is what a verdict rests on (classifier.md 3.4).
  @Test func noiseHasNoPeriodThatStays() {
    let windows = SampleRhythm.periodic(rate: 25, bytes: 5_000, spread: 1, seconds: 120).windows()
    let periods = windows.compactMap { window in
      let groups = PacketGroups(window)
      return KeyFramePeriod.find(groups, clock: FrameClock.find(groups))?.seconds
    }
    for period in periods {
      let same = periods.count { ($0 / period - 1).magnitude <= 0.06 }
      #expect(same * 2 < windows.count)
    }
  }

  /// P frames are large beside B frames; neither is a key frame.
  @Test func framesBetweenDoNotHideTheKeyFrames() throws {
    var sample = SampleRhythm.video(rate: 30, keyFrames: 60)
    for index in sample.records.indices where index % 60 != 0 && index % 3 != 0 {
      sample.records[index].bytes /= 12
    }
    let period = try #require(try find(sample))
    #expect((period.seconds - 2).magnitude < 0.06)
  }

  @Test func withoutAClockAPulseTrainIsNoKeyFrame() throws {
    var pulses = SampleRhythm.periodic(rate: 0.5, bytes: 60_000, spread: 0.8)
    pulses.records.append((9.9, 100))
    let groups = PacketGroups(try #require(pulses.windows().first))
    #expect(KeyFramePeriod.find(groups, clock: nil) == nil)
  }
}
