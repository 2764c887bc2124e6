// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// How much a run may keep.
struct LimitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Memory for flows, streams, names and the rest, from which all bounds follow: 512M, 2G.",
      discussion:
        "From 128M to 64G (powers of 1024), of which 3 GiB is enough for 8 million flows. What does not fit is counted and said among the limitations; sums stay exact. The program itself and GeoIP tables come on top.",
      valueName: "size"),
    transform: Self.limits)
  var memory = MemoryLimits.standard

  /// Puts the options into a configuration.
  func apply(to configuration: inout Analyzer.Configuration) {
    configuration.memory = memory
  }

  /// Limits of a size such as `512M`, `2G`, `2GiB` or a number of bytes.
  static func limits(_ text: String) throws -> MemoryLimits {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), let shift = shift(text.dropFirst(digits.count)) else {
      throw ValidationError("\"\(text)\" is no size; write 512M or 2G")
    }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
    guard !overflow, let limits = MemoryLimits(byteCount: bytes) else {
      let isSmall = !overflow && bytes < MemoryLimits.leastByteCount
      throw ValidationError(
        "\(text) is too \(isSmall ? "little" : "much"); the least is 128M, the most 64G")
    }
    return limits
  }

  /// The power of two that a unit stands for, without regard to case.
  private static func shift(_ unit: Substring) -> Int? {
    switch unit.lowercased() {
    case "", "b": 0
    case "k", "kb", "kib": 10
    case "m", "mb", "mib": 20
    case "g", "gb", "gib": 30
    case "t", "tb", "tib": 40
    default: nil
    }
  }
}
