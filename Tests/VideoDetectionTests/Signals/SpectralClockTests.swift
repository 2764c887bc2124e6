// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct SpectralClockTests {
  private func find(_ sample: SampleRhythm) throws -> FrameClock? {
    let window = try #require(sample.windows().first)
    return SpectralClock.find(window, PacketGroups(window))
  }

  @Test func findsTheRateInTheBytes() throws {
    let clock = try #require(try find(.video(rate: 25, jitter: 0.006)))
    #expect((clock.frequency / 25 - 1).magnitude < 0.01)
    #expect(try #require(clock.spectralPeak) >= RhythmThresholds.spectralPeak.value)
  }

  @Test func randomArrivalsHaveNoLine() throws {
    for rate in [10.0, 25, 60] { #expect(try find(.random(rate: rate, bytes: 4_000)) == nil) }
  }
}
