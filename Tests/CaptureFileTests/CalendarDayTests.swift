// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Testing

struct CalendarDayTests {
  /// Days as `date -u -d @SECONDS` of GNU coreutils gives them.
  @Test(
    arguments: [
      (0, 1970, 1, 1), (-1, 1969, 12, 31), (11_016, 2000, 2, 29), (11_017, 2000, 3, 1),
      (20_776, 2026, 11, 19), (-719_528, 0, 1, 1), (-106_752, 1677, 9, 21),
      (106_751, 2262, 4, 11), (-25_508, 1900, 3, 1),
    ] as [(Int64, Int64, Int64, Int64)])
  func daysHaveDates(days: Int64, year: Int64, month: Int64, day: Int64) {
    let date = CalendarDay(year: year, month: month, day: day)
    #expect(CalendarDay(daysSince1970: days) == date)
    #expect(date.daysSince1970 == days)
  }

  @Test func everyDayOfNineCenturiesIsTheOneAfterTheDayBefore() {
    var expected = CalendarDay(year: 1600, month: 1, day: 1)
    for days in expected.daysSince1970..<CalendarDay(year: 2500, month: 1, day: 1).daysSince1970 {
      #expect(CalendarDay(daysSince1970: days) == expected)
      expected.day += 1
      if expected.day > CalendarDay.days(inMonth: expected.month, of: expected.year) {
        (expected.day, expected.month) = (1, expected.month + 1)
      }
      if expected.month > 12 { (expected.month, expected.year) = (1, expected.year + 1) }
    }
  }

  @Test func divisionRoundsTowardThePast() {
    #expect((-1 as Int64).dividedDown(by: 86_400) == (-1, 86_399))
    #expect((-86_400 as Int64).dividedDown(by: 86_400) == (-1, 0))
    #expect((86_399 as Int64).dividedDown(by: 86_400) == (0, 86_399))
  }
}
