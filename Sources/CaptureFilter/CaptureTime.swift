// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// Times as users write them: RFC 3339, or seconds since 1970.
package enum CaptureTime {
  /// Nanoseconds since 1970 of a time such as `2024-05-01T12:00:00.5+02:00` or `1714557600.5`.
  ///
  /// Returns nil for anything else. A second of 60 counts as the first of the next minute;
  /// times beyond what 64 bits hold are refused.
  package static func parse(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    return seconds(bytes[...]) ?? instant(bytes)
  }

  /// A decimal number of seconds.
  private static func seconds(_ bytes: ArraySlice<UInt8>) -> Int64? {
    let isNegative = bytes.first == UInt8(ascii: "-")
    let digits = isNegative ? bytes.dropFirst() : bytes
    let parts = digits.split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first.flatMap(number) else { return nil }
    var fraction: Int64 = 0
    if parts.count == 2 {
      guard let value = nanoseconds(parts[1]) else { return nil }
      fraction = value
    }
    let (product, overflow) = whole.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carried) = product.addingReportingOverflow(fraction)
    guard !overflow && !carried else { return nil }
    return isNegative ? -sum : sum
  }

  /// A date and time with its offset from UTC,
  /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339) section 5.6.
  private static func instant(_ bytes: [UInt8]) -> Int64? {
    guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(bytes[10]),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
      let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
      let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
      (1...12).contains(month), day >= 1, day <= CalendarDay.days(inMonth: month, of: year),
      hour < 24,
      minute < 60, second <= 60
    else { return nil }
    var rest = bytes[19...]
    var fraction: Int64 = 0
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
      guard let value = nanoseconds(digits) else { return nil }
      fraction = value
      rest = rest.dropFirst(digits.count + 1)
    }
    guard let offset = offsetSeconds(rest) else { return nil }
    let daySeconds = (hour * 60 + minute) * 60 + second
    let total =
      CalendarDay(year: year, month: month, day: day).daysSince1970 * 86_400 + daySeconds - offset
    let (product, overflow) = total.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carried) = product.addingReportingOverflow(fraction)
    return overflow || carried ? nil : sum
  }

  private static func offsetSeconds(_ bytes: ArraySlice<UInt8>) -> Int64? {
    if bytes.count == 1, let letter = bytes.first, letter | 0x20 == UInt8(ascii: "z") { return 0 }
    let text = Array(bytes)
    guard text.count == 6, text[3] == UInt8(ascii: ":"), let hours = number(text[1..<3]),
      let minutes = number(text[4..<6]), hours < 24, minutes < 60
    else { return nil }
    let seconds = (hours * 60 + minutes) * 60
    switch text[0] {
    case UInt8(ascii: "+"): return seconds
    case UInt8(ascii: "-"): return -seconds
    default: return nil
    }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    guard !digits.isEmpty, digits.count <= 18 else { return nil }
    var value: Int64 = 0
    for digit in digits {
      guard digit >= 0x30, digit <= 0x39 else { return nil }
      value = value * 10 + Int64(digit - 0x30)
    }
    return value
  }

  /// The nanoseconds of the digits behind a decimal point; finer ones are cut off.
  private static func nanoseconds(_ digits: ArraySlice<UInt8>) -> Int64? {
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    var nine = digits.prefix(9)
    while nine.count < 9 { nine.append(0x30) }
    return number(nine)
  }
}
