// SPDX-License-Identifier: Apache-2.0

/// The start line and header lines of an HTTP/1, RTSP or SIP message, as positions in its bytes.
///
/// One syntax serves the three ([RFC 9112 §2](https://www.rfc-editor.org/rfc/rfc9112#section-2),
/// RFC 2326 §4, RFC 3261 §7).
struct MessageHead {
  /// Header lines kept of one message.
  static let maximumLines = 96

  /// Where name and value of a header line stand.
  struct Line: BitwiseCopyable {
    fileprivate var name: UInt32
    fileprivate var nameEnd: UInt32
    fileprivate var value: UInt32
    fileprivate var valueEnd: UInt32
  }

  /// The first line without its end.
  var startLine: Range<Int>
  /// Offset of the first byte after the blank line.
  var end = 0
  /// Memory for the lines, of which only `lineCount` count; for the next head to reuse.
  private(set) var lines: [Line]
  private var lineCount = 0
  /// A bit for each (length, first letter) of the names that are there: most names that are asked
  /// for are absent, and this says so at once.
  private var names: UInt64 = 0

  /// Reads a head that begins at `start`; `nil` when its blank line has not come yet.
  init?(
    parsing bytes: Span<UInt8>, from start: Int = 0, limit: Int = 16_384,
    reusing memory: consuming [Line] = []
  ) {
    let bound = min(bytes.count, start &+ limit)
    guard let first = Self.line(bytes, from: start, to: bound) else { return nil }
    startLine = start..<first.end
    lines = memory
    var offset = first.next
    while true {
      guard let line = Self.line(bytes, from: offset, to: bound) else { return nil }
      if line.end == offset {
        end = line.next
        return
      }
      if lineCount < Self.maximumLines { note(bytes, offset, line.end) }
      offset = line.next
    }
  }

  /// Keeps the header line between two offsets, if it is one.
  private mutating func note(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    // Names are short: the search by words is for what is long.
    var colon = start
    while colon < end, bytes[colon] != UInt8(ascii: ":") { colon &+= 1 }
    guard colon < end else { return }
    var value = colon &+ 1
    while value < end, bytes[value] == 0x20 || bytes[value] == 0x09 { value &+= 1 }
    var last = end
    while last > value, bytes[last &- 1] == 0x20 || bytes[last &- 1] == 0x09 { last &-= 1 }
    let line = Line(
      name: UInt32(truncatingIfNeeded: start), nameEnd: UInt32(truncatingIfNeeded: colon),
      value: UInt32(truncatingIfNeeded: value), valueEnd: UInt32(truncatingIfNeeded: last))
    if lineCount < lines.count { lines[lineCount] = line } else { lines.append(line) }
    lineCount &+= 1
    names |= Self.bit(colon &- start, bytes[start])
  }

  private static func bit(_ length: Int, _ first: UInt8) -> UInt64 {
    (1 as UInt64) << UInt64(truncatingIfNeeded: (length &* 5 &+ Int(first | 0x20)) & 63)
  }

  /// The end of the line that starts at `start` and the start of the next one.
  private static func line(
    _ bytes: Span<UInt8>, from start: Int, to bound: Int
  ) -> (end: Int, next: Int)? {
    guard start < bound, let feed = bytes.firstIndex(of: 0x0A, in: start..<bound) else {
      return nil
    }
    let end = feed > start && bytes[feed &- 1] == 0x0D ? feed &- 1 : feed
    return (end, feed &+ 1)
  }

  /// The value of the first header line called `name`.
  func value(_ name: ASCII, in bytes: Span<UInt8>) -> Range<Int>? {
    let length = name.bytes.count
    guard names & Self.bit(length, name.bytes.byte(0)) != 0 else { return nil }
    for index in 0..<lineCount {
      let line = lines[index]
      if Int(line.nameEnd &- line.name) == length,
        bytes.hasCaseInsensitive(name, at: Int(line.name))
      {
        return Int(line.value)..<Int(line.valueEnd)
      }
    }
    return nil
  }

  /// `Content-Length`, bounded; 0 when absent, `nil` when it is no number.
  func contentLength(in bytes: Span<UInt8>, short: ASCII? = nil) -> Int? {
    var range = value("Content-Length", in: bytes)
    if range == nil, let short { range = value(short, in: bytes) }
    guard let range else { return 0 }
    return bytes.decimal(range)
  }
}

extension Span where Element == UInt8 {
  /// The decimal number that fills `range`, at most fifteen digits.
  func decimal(_ range: Range<Int>) -> Int? {
    guard range.lowerBound >= 0, range.upperBound <= count, !range.isEmpty, range.count <= 15 else {
      return nil
    }
    var value = 0
    for index in range {
      guard self[index] >= 0x30, self[index] <= 0x39 else { return nil }
      value = value &* 10 &+ Int(self[index] &- 0x30)
    }
    return value
  }

  /// The decimal digits from `start` on, and where they end.
  func leadingDecimal(from start: Int, to end: Int) -> (value: Int, end: Int)? {
    var index = start
    while index < Swift.min(end, count), self[index] >= 0x30, self[index] <= 0x39 { index &+= 1 }
    guard let value = decimal(start..<index) else { return nil }
    return (value, index)
  }
}
