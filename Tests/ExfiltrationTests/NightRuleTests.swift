// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Exfiltration

@Suite struct NightRuleTests {
  /// 2026-03-14T00:00:00Z.
  private static let midnight: Int64 = 1_773_446_400

  @Test func withoutZoneItIsNotAssessed() {
    #expect(NightRule.night([Self.midnight], in: nil) == .notAssessed)
  }

  @Test(arguments: [
    ("UTC", [0], 1, 1.0), ("UTC", [21], 0, 0.0), ("UTC", [22], 1, 1.0), ("UTC", [5], 1, 1.0),
    ("UTC", [6], 0, 0.0), ("+08:00", [0], 0, 0.0), ("+08:00", [20], 1, 1.0),
    // 23 o'clock and 2 o'clock of the next day are one night, 50 is another.
    ("UTC", [23, 26], 1, 1.0), ("UTC", [23, 26, 50], 2, 1.0), ("UTC", [0, 12], 1, 0.5),
  ])
  func countsNights(zone: String, hours: [Int64], nights: Int, share: Double) throws {
    let seconds = hours.map { Self.midnight + $0 * 3_600 }
    let zone = try #require(LocalTimeZone(zone))
    #expect(NightRule.night(seconds, in: zone) == .assessed(nights: nights, share: share))
  }
}
