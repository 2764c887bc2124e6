// SPDX-License-Identifier: Apache-2.0

/// Numbers for sentences: no locale, no exponent.
package enum NumberText {
  /// The value with at most `decimals` decimals (0...6), trailing zeros removed; `?` for values
  /// that are not finite or too large to print exactly.
  package static func decimal(_ value: Double, _ decimals: Int = 2) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return "?" }
    var scale = 1
    for _ in 0..<min(max(decimals, 0), 6) { scale *= 10 }
    let scaled = Int64((value.magnitude * Double(scale)).rounded())
    var text = String(scaled / Int64(scale))
    var rest = String(scaled % Int64(scale))
    if scaled % Int64(scale) != 0 {
      let width = min(max(decimals, 0), 6)
      rest = String(repeating: "0", count: max(0, width - rest.count)) + rest
      while rest.hasSuffix("0") { rest.removeLast() }
      text += "." + rest
    }
    return value < 0 && scaled != 0 ? "-" + text : text
  }

  /// Bytes in decimal units with three significant digits at most.
  package static func bytes(_ count: UInt64) -> String {
    let value = Double(count)
    if value < 1_000 { return "\(count) B" }
    if value < 999_500 { return decimal(value / 1e3, value < 99_950 ? 1 : 0) + " kB" }
    if value < 999_500_000 { return decimal(value / 1e6, value < 99_950_000 ? 1 : 0) + " MB" }
    if value < 999_500_000_000 {
      return decimal(value / 1e9, value < 99_950_000_000 ? 1 : 0) + " GB"
    }
    return decimal(value / 1e12, 1) + " TB"
  }

  /// A rate in decimal units.
  package static func rate(_ bitsPerSecond: Double) -> String {
    if bitsPerSecond < 1_000 { return decimal(bitsPerSecond, 0) + " bit/s" }
    if bitsPerSecond < 999_500 { return decimal(bitsPerSecond / 1e3, 0) + " kbit/s" }
    return decimal(bitsPerSecond / 1e6, 1) + " Mbit/s"
  }

  /// A duration in the largest fitting units; short ones are not rounded to nothing.
  package static func duration(_ seconds: Double) -> String {
    if seconds > 0, seconds < 0.05 { return "less than 0.1 s" }
    if seconds < 120 { return decimal(seconds, seconds < 10 ? 1 : 0) + " s" }
    if seconds < 7_200 { return decimal(seconds / 60, 0) + " min" }
    if seconds < 172_800 { return decimal(seconds / 3_600, 1) + " h" }
    return decimal(seconds / 86_400, 1) + " days"
  }

  /// A count with its noun, plural by an `s`.
  package static func count(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }
}
