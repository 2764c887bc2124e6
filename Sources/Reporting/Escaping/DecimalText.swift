// SPDX-License-Identifier: Apache-2.0

/// Numbers in plain decimal notation, the same in every locale.
enum DecimalText {
  /// The shortest decimals that give the number back, without exponent; `nil` for what is none.
  static func exact(_ value: Double) -> String? {
    guard value.isFinite else { return nil }
    let text = value.description
    guard let mark = text.firstIndex(of: "e") else {
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
    let exponent = Int(text[text.index(after: mark)...]) ?? 0
    var mantissa = text[..<mark]
    let sign = mantissa.hasPrefix("-") ? "-" : ""
    if !sign.isEmpty { mantissa.removeFirst() }
    let parts = mantissa.split(separator: ".")
    let whole = parts.first.map(String.init) ?? "0"
    let fraction = parts.count > 1 && parts[1] != "0" ? String(parts[1]) : ""
    let digits = whole + fraction
    let point = whole.utf8.count + exponent
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    let missing = point - digits.utf8.count
    if missing >= 0 { return sign + digits + String(repeating: "0", count: missing) }
    return sign + digits.prefix(point) + "." + digits.dropFirst(point)
  }

  /// A number rounded to `places` decimals, half away from zero, without trailing zeros.
  static func rounded(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return "?" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    // Beyond 2^53 a double has no decimals to round.
    guard abs(value) < 9_007_199_254_740_992 / scale else { return exact(value) ?? "?" }
    return exact((value * scale).rounded(.toNearestOrAwayFromZero) / scale) ?? "?"
  }

  /// A whole number with commas between groups of three digits.
  static func grouped(_ value: UInt64) -> String {
    let digits = Array(String(value).utf8)
    var result: [UInt8] = []
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(UInt8(ascii: ",")) }
      result.append(digit)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
