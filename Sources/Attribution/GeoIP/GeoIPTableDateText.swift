// SPDX-License-Identifier: Apache-2.0

/// Finds the date of a table in the texts around it.
enum GeoIPTableDateText {
  /// Years that a date of routing or location data can have; other digits are no date.
  static let years = 1997...2099

  /// Eight digits `YYYYMMDD` and nothing else.
  static func compact(_ text: some StringProtocol) -> GeoIPTableDate? {
    let digits = Array(text.utf8)
    guard digits.count == 8, digits.allSatisfy(isDigit) else { return nil }
    return date(number(digits[0..<4]), number(digits[4..<6]), number(digits[6..<8]))
  }

  /// The first `YYYY-MM-DD`, `YYYY-MM`, or `YYYYMMDD` in a name; `_` and `.` also separate.
  static func inName(_ name: some StringProtocol) -> GeoIPTableDate? {
    var runs: [(digits: ArraySlice<UInt8>, start: Int, end: Int)] = []
    let bytes = Array(name.utf8)
    var index = 0
    while index < bytes.count {
      guard isDigit(bytes[index]) else {
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, isDigit(bytes[index]) { index += 1 }
      runs.append((bytes[start..<index], start, index))
    }
    for (place, run) in runs.enumerated() {
      if run.digits.count == 8,
        let found = date(
          number(run.digits.prefix(4)), number(run.digits.dropFirst(4).prefix(2)),
          number(run.digits.suffix(2)))
      {
        return found
      }
      guard run.digits.count == 4, place + 1 < runs.count else { continue }
      let next = runs[place + 1]
      guard next.digits.count == 2, next.start == run.end + 1, isSeparator(bytes[run.end]) else {
        continue
      }
      var day: Int?
      if place + 2 < runs.count {
        let third = runs[place + 2]
        if third.digits.count == 2, third.start == next.end + 1, isSeparator(bytes[next.end]) {
          day = number(third.digits)
        }
      }
      if let found = date(number(run.digits), number(next.digits), day) { return found }
    }
    return nil
  }

  /// The date after `Generated:` (or `Date:`) in a comment: ISO 8601, or `Sat, 29 Oct 2022 ...`.
  static func inComment(_ comment: String) -> GeoIPTableDate? {
    let lower = comment.lowercased()
    guard let mark = ["generated:", "date:", "build:"].first(where: { lower.contains($0) }) else {
      return nil
    }
    let text = lower.split(separator: mark, maxSplits: 1, omittingEmptySubsequences: false)
      .dropFirst().joined()
    if let found = inName(text) { return found }
    let words = text.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
    let months = [
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    for (place, word) in words.enumerated() {
      guard let month = months.firstIndex(of: String(word.prefix(3))), place > 0,
        place + 1 < words.count, let day = Int(words[place - 1]), let year = Int(words[place + 1])
      else { continue }
      return date(year, month + 1, day)
    }
    return nil
  }

  private static func date(_ year: Int, _ month: Int, _ day: Int?) -> GeoIPTableDate? {
    years.contains(year) ? GeoIPTableDate(year: year, month: month, day: day) : nil
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int {
    digits.reduce(0) { $0 &* 10 &+ Int($1 &- 0x30) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
  }
}
