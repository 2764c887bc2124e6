// SPDX-License-Identifier: Apache-2.0

import Testing
import VideoDetection

@Suite struct ThresholdsTests {
  @Test func namesAreUniqueAndEachHasUnitAndSource() {
    #expect(Set(Thresholds.all.map(\.name)).count == Thresholds.all.count)
    for threshold in Thresholds.all {
      #expect(!threshold.unit.isEmpty && !threshold.source.isEmpty)
    }
  }
}
