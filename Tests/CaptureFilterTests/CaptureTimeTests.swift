// SPDX-License-Identifier: Apache-2.0

import CaptureFilter
import Testing

@Suite struct CaptureTimeTests {
  @Test(arguments: [
    ("0", 0), ("1714557600.5", 1_714_557_600_500_000_000), ("-1.25", -1_250_000_000),
    ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999999999Z", -1),
    ("2024-02-29T12:00:00.5+02:00", 1_709_200_800_500_000_000),
    ("2000-03-01 00:00:00z", 951_868_800_000_000_000),
    ("2016-12-31T23:59:60Z", 1_483_228_800_000_000_000),
    ("2024-05-01T00:00:00.1234567899-00:30", 1_714_523_400_123_456_789),
  ])
  func readsTimes(text: String, expected: Int) {
    #expect(CaptureTime.parse(text) == Int64(expected), "\(text)")
  }

  @Test(arguments: [
    "", "-", ".", "1.", "now", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z",
    "2024-01-01T00:00:00", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00+25:00", "9999999999999",
    "2024-01-01T00:00:00.Z", "9999-01-01T00:00:00Z", "2024-01-01T00:00:00Zx", "1e9",
    "99999999999999999999",
  ])
  func refusesTheRest(text: String) {
    #expect(CaptureTime.parse(text) == nil, "\(text)")
  }

  @Test func rangesAreHalfOpen() {
    let range = TimeRange(from: 10, to: 20)
    #expect([9, 10, 19, 20].map(range.contains) == [false, true, true, false])
    #expect(TimeRange().contains(.min))
  }
}
