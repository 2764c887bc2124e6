// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// A time in nanoseconds since 1970 as the calendar has it, in UTC.
///
/// Exact for every `Int64` (1677 to 2262); no calendar of the system is asked, so that zone and
/// locale cannot change a report.
package struct Timestamp: Hashable, Sendable {
  /// Year of the Gregorian calendar.
  package var year: Int64
  /// Month, 1 to 12.
  package var month: Int64
  /// Day of the month, from 1.
  package var day: Int64
  /// Second of the day, 0 to 86,399.
  package var secondOfDay: Int64
  /// Nanosecond of the second.
  package var nanosecond: Int64

  /// Takes a time apart.
  package init(nanoseconds: Int64) {
    let (seconds, rest) = nanoseconds.dividedDown(by: 1_000_000_000)
    self.init(seconds: seconds)
    nanosecond = rest
  }

  /// Takes whole seconds since 1970 apart.
  package init(seconds: Int64) {
    let (days, second) = seconds.dividedDown(by: 86_400)
    secondOfDay = second
    nanosecond = 0
    let date = CalendarDay(daysSince1970: days)
    (year, month, day) = (date.year, date.month, date.day)
  }

  /// `2026-11-21`.
  package var dateText: String {
    "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(day, 2))"
  }

  /// `12:41:27`.
  package var clockText: String {
    let hour = Self.digits(secondOfDay / 3_600, 2)
    let minute = Self.digits(secondOfDay / 60 % 60, 2)
    return "\(hour):\(minute):\(Self.digits(secondOfDay % 60, 2))"
  }

  /// `2026-11-21 12:41:27`.
  package var secondsText: String { "\(dateText) \(clockText)" }

  /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339) in UTC with nine decimals.
  package var rfc3339: String {
    "\(dateText)T\(clockText).\(Self.digits(nanosecond, 9))Z"
  }

  /// Reads what `rfc3339` writes; `nil` for anything else.
  package static func nanoseconds(rfc3339 text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count == 30, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[10] == UInt8(ascii: "T"), bytes[19] == UInt8(ascii: "."), bytes[29] == UInt8(ascii: "Z")
    else { return nil }
    func number(_ range: Range<Int>) -> Int64? {
      Int64(String(decoding: bytes[range], as: UTF8.self))
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      let fraction = number(20..<29), (1...12).contains(month), (1...31).contains(day),
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    let days = CalendarDay(year: year, month: month, day: day).daysSince1970
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
    // Seconds before 1970 with a fraction: the sum may fit where the product alone does not.
    if seconds < 0 {
      let (value, overflow) = (seconds + 1).multipliedReportingOverflow(by: 1_000_000_000)
      let (sum, overflowOfSum) = value.addingReportingOverflow(fraction - 1_000_000_000)
      return overflow || overflowOfSum ? nil : sum
    }
    let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflowOfSum) = value.addingReportingOverflow(fraction)
    return overflow || overflowOfSum ? nil : sum
  }

  private static func digits(_ value: Int64, _ count: Int) -> String {
    let text = String(value.magnitude)
    let sign = value < 0 ? "-" : ""
    return sign + String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
}
