// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct SegmentsTests {
  private func find(_ sample: SampleRhythm) -> (period: Double, count: Int, variation: Double)? {
    var segments = Segments()
    for window in sample.windows() { segments.add(window) }
    return segments.found()
  }

  @Test func findsSegmentsOfTwoSeconds() throws {
    let found = try #require(find(.periodic(rate: 0.5, bytes: 250_000, spread: 0.3, seconds: 60)))
    #expect((found.period - 2).magnitude < 0.05)
    #expect(found.count == 30)
  }

  @Test func equalChunksAndIrregularBurstsAreNone() {
    #expect(find(.periodic(rate: 0.5, bytes: 250_000, seconds: 60)) == nil)
    #expect(find(.random(rate: 0.5, bytes: 250_000, seconds: 60)) == nil)
    #expect(find(.periodic(rate: 4, bytes: 60_000, spread: 0.5, seconds: 60)) == nil)
  }
}
