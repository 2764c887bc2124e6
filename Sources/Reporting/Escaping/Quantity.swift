// SPDX-License-Identifier: Apache-2.0

/// Quantities for people: three significant digits and a unit.
enum Quantity {
  /// Bytes in powers of 1,000, as traffic is counted.
  static func bytes(_ count: UInt64) -> String {
    if count < 1_000 { return "\(count) B" }
    return scaled(Double(count), ["B", "kB", "MB", "GB", "TB", "PB", "EB"])
  }

  /// Bits a second of bytes in a time; `nil` where no time passed.
  static func bitRate(bytes: UInt64, seconds: Double) -> String? {
    seconds > 0 ? bitRate(Double(bytes) * 8 / seconds) : nil
  }

  /// Bits a second.
  static func bitRate(_ bitsPerSecond: Double) -> String {
    scaled(bitsPerSecond, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "Pbit/s"])
  }

  /// A time span: `24.7 s`, `12 min 5 s`, `3 h 20 min`, `9 d 4 h`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "?" }
    if seconds < 60 {
      return "\(DecimalText.rounded(seconds, places: seconds < 10 ? 2 : 1)) s"
    }
    let whole = Int64(seconds.rounded())
    if whole < 3_600 { return joined(whole / 60, "min", whole % 60, "s") }
    if whole < 86_400 { return joined(whole / 3_600, "h", whole % 3_600 / 60, "min") }
    return joined(whole / 86_400, "d", whole % 86_400 / 3_600, "h")
  }

  private static func joined(_ first: Int64, _ unit: String, _ rest: Int64, _ small: String)
    -> String
  {
    rest == 0 ? "\(first) \(unit)" : "\(first) \(unit) \(rest) \(small)"
  }

  private static func scaled(_ value: Double, _ units: [String]) -> String {
    var value = value
    var index = 0
    while value >= 999.5, index < units.count - 1 {
      value /= 1_000
      index += 1
    }
    let places = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
    return "\(DecimalText.rounded(value, places: places)) \(units[index])"
  }
}
