// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct RatioHistogramTests {
  @Test func valuesNearEachOtherAreOne() throws {
    var histogram = RatioHistogram(least: 4)
    for value in [24.9, 25, 25.1, 25.3, 50, 7] { histogram.add(value) }
    let mode = try #require(histogram.mode(tolerance: 0.03))
    #expect(mode.count == 4)
    #expect((mode.value / 25 - 1).magnitude < 0.02)
    #expect(histogram.mode(tolerance: 0.03, factors: [1, 2])?.count == 5)
  }

  @Test func valuesOutOfRangeAreLeftOut() {
    var histogram = RatioHistogram(least: 4)
    histogram.add(3)
    #expect(histogram.mode(tolerance: 0.03) == nil)
    histogram.add(10_000)
    #expect(histogram.mode(tolerance: 0.03)?.count == 1)
  }
}
