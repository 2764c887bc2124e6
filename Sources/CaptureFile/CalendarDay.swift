// SPDX-License-Identifier: Apache-2.0

/// A day of the Gregorian calendar, also before its introduction.
///
/// No calendar of the system is asked, so that zone and locale cannot change a result. Eras of 400
/// years that begin on 1 March, after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"
/// (`civil_from_days`, `days_from_civil`).
package struct CalendarDay: Hashable, Sendable {
  package var year: Int64
  /// 1 to 12.
  package var month: Int64
  /// Day of the month, from 1.
  package var day: Int64

  private static let daysOfEra: Int64 = 146_097
  /// Days from 1 March of the year 0 to 1970.
  private static let daysBefore1970: Int64 = 719_468

  /// Makes a day of its parts, which are not checked.
  package init(year: Int64, month: Int64, day: Int64) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The day that is so many days after 1970-01-01, or before it.
  package init(daysSince1970 days: Int64) {
    let (era, dayOfEra) = (days &+ Self.daysBefore1970).dividedDown(by: Self.daysOfEra)
    let yearOfEra =
      (dayOfEra &- dayOfEra / 1_460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
    let shiftedMonth = (5 &* dayOfYear &+ 2) / 153
    day = dayOfYear &- (153 &* shiftedMonth &+ 2) / 5 &+ 1
    month = shiftedMonth < 10 ? shiftedMonth &+ 3 : shiftedMonth &- 9
    year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01, negative before.
  package var daysSince1970: Int64 {
    let shiftedYear = month <= 2 ? year &- 1 : year
    let (era, yearOfEra) = shiftedYear.dividedDown(by: 400)
    let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
    let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
    return era &* Self.daysOfEra &+ dayOfEra &- Self.daysBefore1970
  }

  /// Days of a month, 28 to 31.
  package static func days(inMonth month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension Int64 {
  /// Division that rounds toward the past, with its remainder; `divisor` is above 0.
  package func dividedDown(by divisor: Int64) -> (quotient: Int64, rest: Int64) {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient &- 1, rest &+ divisor) : (quotient, rest)
  }
}
