// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// The clock of a place: what "night" means, and the second column of times.
///
/// Rules are read from the zone file that is named, so that a result depends on no machine's
/// settings; [RFC 8536](https://www.rfc-editor.org/rfc/rfc8536).
public struct LocalTimeZone: Sendable, Hashable {
  /// Folder of the zone files.
  static let folder = "/usr/share/zoneinfo/"
  /// Bytes of a zone file that are read; real ones have under 4 kB.
  static let byteLimit = 1 << 17

  /// The name as given: `UTC`, `+02:00`, `Europe/Rome`.
  public var name: String
  /// Times from which an offset holds, seconds since 1970, ascending.
  private var transitions: [Int64] = []
  /// The offset of each transition, in seconds east of Greenwich.
  private var offsets: [Int] = []
  /// The offset before the first transition.
  private var firstOffset = 0
  /// What holds after the last transition.
  private var rule: YearlyRule?

  /// Reads a zone by its name.
  ///
  /// - Returns: `nil` where the name is no offset and no zone file has it.
  public init?(_ name: String) {
    self.name = name
    if ["UTC", "Z", "GMT"].contains(name.uppercased()) { return }
    if let seconds = Self.fixedOffset(name) {
      firstOffset = seconds
      return
    }
    let allowed = name.utf8.allSatisfy {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
        || [UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+")].contains($0)
    }
    guard allowed, !name.isEmpty, name.utf8.first != UInt8(ascii: "/"),
      let bytes = Self.bytes(ofFile: Self.folder + name), read(bytes)
    else { return nil }
  }

  /// Reads the contents of a zone file.
  init?(name: String, bytes: [UInt8]) {
    self.name = name
    guard read(bytes) else { return nil }
  }

  /// Seconds to add to UTC at a time of nanoseconds since 1970.
  public func offset(at time: Int64) -> Int {
    let second = time >= 0 ? time / 1_000_000_000 : (time - 999_999_999) / 1_000_000_000
    guard let last = transitions.last else { return rule?.offset(at: second) ?? firstOffset }
    if second >= last, let rule { return rule.offset(at: second) }
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= second { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? firstOffset : offsets[low - 1]
  }

  private static func bytes(ofFile path: String) -> [UInt8]? {
    guard let source = try? DecompressingSource(CaptureInput(path, name: path)) else { return nil }
    var bytes: [UInt8] = []
    while bytes.count <= byteLimit, let block = source.next(byteCount: 1 << 14) {
      let span = block.bytes
      for index in span.indices { bytes.append(span[index]) }
    }
    return source.failureText == nil && bytes.count <= byteLimit ? bytes : nil
  }

  /// `+02:00`, `-0330`, `+5`.
  private static func fixedOffset(_ text: String) -> Int? {
    guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard !digits.isEmpty, digits.count <= 4, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = Int(digits)
    else { return nil }
    let hours = digits.count <= 2 ? number : number / 100
    let minutes = digits.count <= 2 ? 0 : number % 100
    guard hours <= 14, minutes < 60 else { return nil }
    return (sign == "-" ? -1 : 1) * (hours * 3_600 + minutes * 60)
  }

  // MARK: Zone files

  private mutating func read(_ bytes: [UInt8]) -> Bool {
    guard let first = Header(bytes, at: 0) else { return false }
    // The second part of version 2 and later has 64-bit times and the rule for later years.
    let second = first.version >= 2 ? Header(bytes, at: first.end(timeSize: 4)) : nil
    let header = second ?? first
    let size = second == nil ? 4 : 8
    guard header.end(timeSize: size) <= bytes.count, header.types > 0 else { return false }
    let indices = header.start + header.times * size
    let types = indices + header.times
    func offset(_ type: Int) -> Int? {
      guard type < header.types else { return nil }
      return Int(Int32(truncatingIfNeeded: Self.integer(bytes, types + type * 6, 4)))
    }
    guard let initial = offset(0) else { return false }
    firstOffset = initial
    for index in 0..<header.times {
      let time = Self.integer(bytes, header.start + index * size, size)
      guard let seconds = offset(Int(bytes[indices + index])),
        transitions.last ?? .min <= (size == 4 ? Int64(Int32(truncatingIfNeeded: time)) : time)
      else { return false }
      transitions.append(size == 4 ? Int64(Int32(truncatingIfNeeded: time)) : time)
      offsets.append(seconds)
    }
    if second != nil {
      let footer = bytes[header.end(timeSize: size)...].split(
        separator: 0x0A, omittingEmptySubsequences: true)
      rule = footer.first.flatMap { YearlyRule(String(decoding: $0, as: UTF8.self)) }
    }
    return true
  }

  private static func integer(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int64 {
    guard start >= 0, start + count <= bytes.count else { return 0 }
    return bytes[start..<start + count].reduce(Int64(0)) { $0 << 8 | Int64($1) }
  }

  private struct Header {
    var version = 0
    var start = 0
    var times = 0
    var types = 0
    private var names = 0
    private var leaps = 0
    private var standards = 0
    private var universals = 0

    init?(_ bytes: [UInt8], at offset: Int) {
      guard offset >= 0, offset + 44 <= bytes.count,
        Array(bytes[offset..<offset + 4]) == Array("TZif".utf8)
      else { return nil }
      version = bytes[offset + 4] >= UInt8(ascii: "2") ? 2 : 1
      let counts = (0..<6).map { Int(LocalTimeZone.integer(bytes, offset + 20 + $0 * 4, 4)) }
      guard counts.allSatisfy({ $0 <= 1 << 16 }) else { return nil }
      (universals, standards, leaps) = (counts[0], counts[1], counts[2])
      (times, types, names) = (counts[3], counts[4], counts[5])
      start = offset + 44
    }

    func end(timeSize: Int) -> Int {
      start + times * (timeSize + 1) + types * 6 + names + leaps * (timeSize + 4) + standards
        + universals
    }
  }
}

/// The rule for years after the table: `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX, RFC 8536 §3.3).
private struct YearlyRule: Sendable, Hashable {
  private struct Change: Sendable, Hashable {
    var month: Int
    var week: Int
    var weekday: Int
    var seconds: Int
  }

  private var standard = 0
  private var summer = 0
  private var changes: [Change] = []

  /// Rules by day of year (`J60`) are not read; no zone uses them since 2013.
  init?(_ text: String) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard let first = parts.first else { return nil }
    var rest = Substring(first)
    Self.skipName(&rest)
    guard let west = Self.seconds(&rest) else { return nil }
    standard = -west
    guard !rest.isEmpty else { return }
    Self.skipName(&rest)
    summer = Self.seconds(&rest).map { -$0 } ?? standard + 3_600
    guard parts.count == 3, let start = Self.change(parts[1]), let end = Self.change(parts[2])
    else { return nil }
    changes = [start, end]
  }

  func offset(at second: Int64) -> Int {
    guard changes.count == 2 else { return standard }
    let year = Self.year(ofDay: Int((second - (second < 0 ? 86_399 : 0)) / 86_400))
    let start = time(changes[0], year) - Int64(standard)
    let end = time(changes[1], year) - Int64(summer)
    let isSummer =
      start < end ? (start..<end).contains(second) : !(end..<start).contains(second)
    return isSummer ? summer : standard
  }

  private func time(_ change: Change, _ year: Int) -> Int64 {
    let first = Self.day(year, change.month, 1)
    let weekday = ((first + 4) % 7 + 7) % 7
    var day = first + (change.weekday - weekday + 7) % 7 + (change.week - 1) * 7
    let next = change.month == 12 ? Self.day(year + 1, 1, 1) : Self.day(year, change.month + 1, 1)
    while day >= next { day -= 7 }
    return Int64(day) * 86_400 + Int64(change.seconds)
  }

  /// Days since 1970 of a date of the Gregorian calendar.
  private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
    Int(CalendarDay(year: Int64(year), month: Int64(month), day: Int64(day)).daysSince1970)
  }

  private static func year(ofDay day: Int) -> Int {
    Int(CalendarDay(daysSince1970: Int64(day)).year)
  }

  private static func skipName(_ text: inout Substring) {
    if text.first == "<" {
      text = text.drop { $0 != ">" }.dropFirst()
    } else {
      text = text.drop { $0.isLetter }
    }
  }

  /// `-1`, `5:30`, `3`.
  private static func seconds(_ text: inout Substring) -> Int? {
    let sign = text.first == "-" ? -1 : 1
    if text.first == "-" || text.first == "+" { text = text.dropFirst() }
    let word = text.prefix { $0.isNumber || $0 == ":" }
    guard !word.isEmpty else { return nil }
    text = text.dropFirst(word.count)
    var total = 0
    for (part, unit) in zip(word.split(separator: ":"), [3_600, 60, 1]) {
      guard let number = Int(part), number <= 167 else { return nil }
      total += number * unit
    }
    return sign * total
  }

  /// `M3.5.0/2`.
  private static func change(_ text: Substring) -> Change? {
    let halves = text.split(separator: "/")
    guard let first = halves.first, first.first == "M" else { return nil }
    let numbers = first.dropFirst().split(separator: ".").compactMap { Int($0) }
    guard numbers.count == 3, (1...12).contains(numbers[0]), (1...5).contains(numbers[1]),
      (0...6).contains(numbers[2])
    else { return nil }
    var rest = halves.count > 1 ? halves[1] : "2"
    return Change(
      month: numbers[0], week: numbers[1], weekday: numbers[2],
      seconds: seconds(&rest) ?? 7_200)
  }
}
