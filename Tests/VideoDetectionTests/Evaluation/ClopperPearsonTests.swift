// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct ClopperPearsonTests {
  /// The figures of classifier.md §2.3.
  @Test(arguments: [
    (48, 61, 0.663, 0.881), (60, 61, 0.912, 1), (1, 39, 0.001, 0.135), (5, 39, 0.043, 0.274),
    (0, 10, 0, 0.308), (0, 0, 0, 1), (10, 10, 0.692, 1),
  ])
  func matchesPublishedIntervals(hits: Int, count: Int, lower: Double, upper: Double) {
    let interval = ClopperPearson.interval(hits, of: count)
    #expect((interval.lowerBound - lower).magnitude < 0.0006)
    #expect((interval.upperBound - upper).magnitude < 0.0006)
  }

  @Test func largeCountsDoNotOverflow() {
    let interval = ClopperPearson.interval(2_500, of: 5_000)
    #expect(interval.lowerBound > 0.48 && interval.upperBound < 0.52)
  }
}
