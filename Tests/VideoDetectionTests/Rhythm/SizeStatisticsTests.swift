// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct SizeStatisticsTests {
  @Test func ordersAndSpreads() {
    let sizes = SizeStatistics([4, 2, 6, 8])
    #expect(sizes.sorted == [2, 4, 6, 8])
    #expect(sizes.mean == 5)
    #expect((sizes.variation - 5.0.squareRoot() / 5).magnitude < 1e-12)
    #expect(sizes.quantile(0) == 2)
    #expect(sizes.quantile(1) == 8)
    #expect(SizeStatistics([]).median == 0)
    #expect(SizeStatistics([3]).variation == 0)
  }
}
