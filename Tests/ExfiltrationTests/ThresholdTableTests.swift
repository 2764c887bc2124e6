// SPDX-License-Identifier: Apache-2.0

import Testing
import VideoDetection

@testable import Exfiltration

@Suite struct ThresholdTableTests {
  @Test func namesAreUnique() {
    let names = ThresholdTable.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.contains("rtp_level_1") && names.contains("volume_floor"))
  }

  @Test func theDigestCoversEveryValue() {
    #expect(ThresholdTable.digest.count == 64)
    #expect(ThresholdTable.canonicalText.split(separator: "\n").count == ThresholdTable.all.count)
    #expect(ThresholdTable.canonicalText.contains("codec_share\t0.98\tshare\t"))
  }

  /// The rates that reports print are of the thresholds that the build decides by.
  @Test func theErrorRatesWereMeasuredWithTheseThresholds() {
    #expect(
      MeasuredRates.shared.thresholdsDigest == ThresholdTable.videoDigest,
      "measure again: Samples/Laboratory/rates.py")
  }
}
