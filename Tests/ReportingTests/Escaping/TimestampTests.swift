// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Reporting

struct TimestampTests {
  @Test(arguments: [
    (Int64(0), "1970-01-01T00:00:00.000000000Z"),
    (1, "1970-01-01T00:00:00.000000001Z"),
    (-1, "1969-12-31T23:59:59.999999999Z"),
    (1_795_264_887_500_000_000, "2026-11-21T12:41:27.500000000Z"),
    (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"),
    (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000000Z"),
    (Int64.max, "2262-04-11T23:47:16.854775807Z"),
    (Int64.min, "1677-09-21T00:12:43.145224192Z"),
  ])
  func knownTimes(nanoseconds: Int64, text: String) {
    #expect(Timestamp(nanoseconds: nanoseconds).rfc3339 == text)
  }

  @Test func everyDayFollowsTheOneBefore() {
    var previous = Timestamp(seconds: -100_000 * 86_400)
    for day in Int64(-99_999)...100_000 {
      let next = Timestamp(seconds: day * 86_400)
      let isNextDay =
        next.year == previous.year && next.month == previous.month && next.day == previous.day + 1
      let isNextMonth =
        next.day == 1 && previous.day >= 28
        && (next.year == previous.year && next.month == previous.month + 1
          || next.year == previous.year + 1 && next.month == 1 && previous.month == 12)
      if !isNextDay, !isNextMonth {
        Issue.record("\(previous.dateText) is followed by \(next.dateText)")
        return
      }
      previous = next
    }
  }
}
