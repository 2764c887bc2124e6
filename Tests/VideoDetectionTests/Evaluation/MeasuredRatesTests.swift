// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import VideoDetection

struct MeasuredRatesTests {
  @Test func theEmbeddedTableEqualsTheFileBesideIt() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/VideoDetection/Tables/measured-rates.tsv")
    let text = try String(contentsOf: url, encoding: .utf8)
    // The literal has no line end before its closing quotes.
    #expect("\(measuredRatesTable)" == text.dropLast(), "run Scripts/make-detection-tables")
  }

  @Test func everyKindWasMeasured() throws {
    let rates = MeasuredRates.shared
    for kind in [CaptureLabel.Kind.live, .clip, .lookAlike] {
      let row = try #require(
        rates.rows.first { $0.kind == kind && $0.condition == MeasuredRates.plainCondition })
      #expect(row.counts.total > 0 && row.families > 0)
    }
    #expect(rates.lookAlikes > 0)
    #expect(rates.falseLikelyBound > 0 && rates.falseLikelyBound < 0.2)
    #expect(Set(rates.rows.map(\.condition)).count == 4)
  }

  @Test func saysSharesWithIntervals() {
    let rates = MeasuredRates(
      """
      condition\tkind\tfamilies\tnot_assessed\tnone\tpossible\tlikely\tcertain
      # measured with thresholds abc
      as recorded\tlive\t3\t0\t1\t1\t8\t0
      as recorded\tlook_alike\t2\t1\t18\t1\t0\t0
      with 2 % loss\tlive\t3\t0\t2\t2\t6\t0
      spoiled\tlive
      """)
    #expect(rates.thresholdsDigest == "abc")
    #expect(rates.rows.count == 3)
    #expect(rates.lookAlikes == 20)
    #expect((rates.falseLikelyBound - 0.168_4).magnitude < 0.000_1)
    #expect(rates.text.contains("10 live streams of 3 families, 20 look-alikes"))
    #expect(rates.text.contains("at least possible 9 of 10, 90 % [55.5, 99.7]"))
    #expect(rates.text.contains("likely 0 of 20, 0 % [0, 16.8]"))
    #expect(rates.reservations.contains("with 2 % loss at least possible 8 of 10"))
  }
}
