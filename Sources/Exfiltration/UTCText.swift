// SPDX-License-Identifier: Apache-2.0

/// Times for sentences, always UTC.
enum UTCText {
  /// `2026-03-14 01:40:00`, rounded down to the second.
  static func second(_ time: Int64) -> String {
    let seconds = floored(time, 1_000_000_000)
    let day = floored(seconds, 86_400)
    let ofDay = seconds - day * 86_400
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

  /// A day since 1970 in the Gregorian calendar (Howard Hinnant, chrono-compatible algorithms).
  private static func date(_ day: Int64) -> String {
    let shifted = day + 719_468
    let era = floored(shifted, 146_097)
    let ofEra = shifted - era * 146_097
    let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    let month = (5 * ofYear + 2) / 153
    let dayOfMonth = ofYear - (153 * month + 2) / 5 + 1
    let civilMonth = month < 10 ? month + 3 : month - 9
    let civilYear = year + era * 400 + (civilMonth <= 2 ? 1 : 0)
    let parts = [civilMonth, dayOfMonth].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(civilYear)-" + parts.joined(separator: "-")
  }

  private static func floored(_ value: Int64, _ unit: Int64) -> Int64 {
    value >= 0 ? value / unit : -((-(value + 1)) / unit) - 1
  }
}
