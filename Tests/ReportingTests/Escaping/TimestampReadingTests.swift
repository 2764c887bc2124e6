// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Reporting

struct TimestampReadingTests {
  @Test(arguments: [
    Int64.min, .min + 1, -1, 0, 1, 999_999_999, 1_795_264_887_500_000_000, .max, -1_000_000_000,
    951_782_400_000_000_000, 4_107_542_400_000_000_000,
  ])
  func everyTimeComesBack(time: Int64) {
    let text = Timestamp(nanoseconds: time).rfc3339
    #expect(Timestamp.nanoseconds(rfc3339: text) == time)
  }

  @Test(arguments: [
    "", "2026-11-21", "2026-11-21T12:41:27Z", "2026-13-21T12:41:27.000000000Z",
    "2026-11-21T12:41:27.000000000+", "9999-12-31T23:59:59.000000000Z",
  ])
  func anythingElseDoesNot(text: String) {
    #expect(Timestamp.nanoseconds(rfc3339: text) == nil)
  }
}
