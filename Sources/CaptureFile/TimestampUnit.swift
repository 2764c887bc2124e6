// SPDX-License-Identifier: Apache-2.0

/// How the timestamps of an interface become nanoseconds since 1970.
///
/// Times that 64 bits cannot hold become the nearest that they can.
struct TimestampUnit: Hashable, Sendable, BitwiseCopyable {
  /// `if_tsresol`: the exponent, with the high bit set for powers of two.
  private let code: UInt8
  /// Nanoseconds a unit, or 0 where a unit is no whole number of nanoseconds.
  private let multiplier: Int64
  /// Nanoseconds added.
  private let offset: Int64

  static let microseconds = TimestampUnit(code: 6, offsetSeconds: 0)
  static let nanoseconds = TimestampUnit(code: 9, offsetSeconds: 0)

  init(code: UInt8, offsetSeconds: Int64) {
    self.code = code
    let (product, overflow) = offsetSeconds.multipliedReportingOverflow(by: 1_000_000_000)
    offset = overflow ? (offsetSeconds < 0 ? .min : .max) : product
    var unit: Int64 = 0
    if code <= 9 {
      unit = 1
      for _ in code..<9 { unit *= 10 }
    } else if code == 0x80 {
      unit = 1_000_000_000
    }
    multiplier = unit
  }

  /// Units per second, or the greatest number that 64 bits hold.
  var unitsPerSecond: UInt64 {
    let exponent = code & 0x7f
    if code & 0x80 != 0 { return exponent < 64 ? 1 << UInt64(exponent) : .max }
    guard exponent <= 19 else { return .max }
    var units: UInt64 = 1
    for _ in 0..<exponent { units *= 10 }
    return units
  }

  /// The time of a 64-bit timestamp.
  ///
  /// Counts with the high bit set are negative: unsigned they would lie centuries ahead, and
  /// clocks that start before 1970 write them so.
  @inline(__always)
  func time(of ticks: UInt64) -> Int64 {
    let count = Int64(bitPattern: ticks)
    if multiplier != 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: multiplier)
      let (sum, carried) = product.addingReportingOverflow(offset)
      if !overflow && !carried { return sum }
    }
    return slowTime(of: count)
  }

  @inline(never)
  private func slowTime(of count: Int64) -> Int64 {
    let nanoseconds = saturatedNanoseconds(of: count)
    let (sum, carried) = nanoseconds.addingReportingOverflow(offset)
    return carried ? (offset < 0 ? .min : .max) : sum
  }

  private func saturatedNanoseconds(of count: Int64) -> Int64 {
    if multiplier != 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: multiplier)
      return overflow ? (count < 0 ? .min : .max) : product
    }
    let exponent = code & 0x7f
    if code & 0x80 == 0 {
      // Finer than a nanosecond: 10^(exponent - 9) units each.
      guard exponent - 9 < 19 else { return 0 }
      var divisor: Int64 = 1
      for _ in 9..<exponent { divisor *= 10 }
      // Rounds towards the past, also before 1970.
      let (quotient, remainder) = count.quotientAndRemainder(dividingBy: divisor)
      return remainder < 0 ? quotient - 1 : quotient
    }
    guard exponent < 63 else { return count < 0 ? -1 : 0 }
    let seconds = count >> Int64(exponent)
    let fraction = UInt64(bitPattern: count) & ((1 << UInt64(exponent)) - 1)
    let (high, low) = fraction.multipliedFullWidth(by: 1_000_000_000)
    let nanoseconds = Int64(bitPattern: high << (64 - UInt64(exponent)) | low >> UInt64(exponent))
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carried) = product.addingReportingOverflow(nanoseconds)
    return overflow || carried ? (count < 0 ? .min : .max) : sum
  }
}
