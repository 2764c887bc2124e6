// SPDX-License-Identifier: Apache-2.0

/// The start line and header lines of an HTTP/1, RTSP or SIP message, as positions in its bytes.
///
/// One syntax serves the three ([RFC 9112 §2](https://www.rfc-editor.org/rfc/rfc9112#section-2),
/// RFC 2326 §4, RFC 3261 §7).
struct MessageHead {
  /// Header lines kept of one message.
  static let maximumLines = 96

  /// The first line without its end.
  var startLine: Range<Int>
  /// Name and value of each header line, in order.
  var lines: [(name: Range<Int>, value: Range<Int>)]
  /// Offset of the first byte after the blank line.
  var end: Int

  /// Reads a head that begins at `start`; `nil` when its blank line has not come yet.
  init?(parsing bytes: Span<UInt8>, from start: Int = 0, limit: Int = 16_384) {
    let bound = min(bytes.count, start &+ limit)
    guard let first = Self.line(bytes, from: start, to: bound) else { return nil }
    startLine = start..<first.end
    lines = []
    lines.reserveCapacity(16)
    var offset = first.next
    while true {
      guard let line = Self.line(bytes, from: offset, to: bound) else { return nil }
      if line.end == offset {
        end = line.next
        return
      }
      if lines.count < Self.maximumLines,
        let colon = bytes.firstIndex(of: UInt8(ascii: ":"), in: offset..<line.end)
      {
        var value = colon &+ 1
        while value < line.end, bytes[value] == 0x20 || bytes[value] == 0x09 { value &+= 1 }
        var last = line.end
        while last > value, bytes[last &- 1] == 0x20 || bytes[last &- 1] == 0x09 { last &-= 1 }
        lines.append((offset..<colon, value..<last))
      }
      offset = line.next
    }
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
    for line in lines
    where line.name.count == name.bytes.count
      && bytes.hasCaseInsensitive(name, at: line.name.lowerBound)
    {
      return line.value
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
