// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// Times for sentences, always UTC.
enum UTCText {
  /// `2026-03-14 01:40:00`, rounded down to the second.
  static func second(_ time: Int64) -> String {
    let (day, ofDay) = time.dividedDown(by: 1_000_000_000).quotient.dividedDown(by: 86_400)
    return date(day) + " " + clock(ofDay)
  }

  /// From one time to another; the date is not repeated.
  static func range(_ first: Int64, _ last: Int64) -> String {
    let start = second(first)
    let end = second(last)
    if start == end { return start + " UTC" }
    let isSameDay = start.prefix(10) == end.prefix(10)
    return "\(start) to \(isSameDay ? String(end.dropFirst(11)) : end) UTC"
  }

  private static func clock(_ second: Int64) -> String {
    [second / 3_600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
      .joined(separator: ":")
  }

  /// A day since 1970 in the Gregorian calendar.
  private static func date(_ day: Int64) -> String {
    let date = CalendarDay(daysSince1970: day)
    let parts = [date.month, date.day].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(date.year)-" + parts.joined(separator: "-")
  }
}
