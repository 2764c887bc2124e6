// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Exfiltration

@Suite struct UTCTextTests {
  @Test(arguments: [
    (Int64(0), "1970-01-01 00:00:00"), (1_773_452_400_999_999_999, "2026-03-14 01:40:00"),
    (951_782_399_000_000_000, "2000-02-28 23:59:59"),
    (951_782_400_000_000_000, "2000-02-29 00:00:00"),
    (-1, "1969-12-31 23:59:59"), (.max, "2262-04-11 23:47:16"), (.min, "1677-09-21 00:12:43"),
  ])
  func writesTimes(time: Int64, text: String) { #expect(UTCText.second(time) == text) }

  @Test func doesNotRepeatTheDate() {
    #expect(UTCText.range(0, 5_000_000_000) == "1970-01-01 00:00:00 to 00:00:05 UTC")
    #expect(UTCText.range(0, 0) == "1970-01-01 00:00:00 UTC")
    #expect(
      UTCText.range(0, 90_000_000_000_000) == "1970-01-01 00:00:00 to 1970-01-02 01:00:00 UTC")
  }
}
