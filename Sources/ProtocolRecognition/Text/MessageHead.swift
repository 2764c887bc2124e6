// SPDX-License-Identifier: Apache-2.0

/// The header fields that are read.
enum HeaderField: Int, CaseIterable {
  case authorization
  case commandSequence
  case contentLength
  case contentType
  case from
  case compactFrom
  case host
  case location
  /// The compact form of `Content-Length`, RFC 3261 §20.
  case compactContentLength
  case notificationType
  case range
  case require
  case searchTarget
  case server
  case action
  case transferEncoding
  case transport
  case userAgent
  case uniqueServiceName
  case challenge
  case sessionCookie

  /// The name, whose letters may come in either case.
  var name: ASCII {
    switch self {
    case .authorization: "Authorization"
    case .commandSequence: "CSeq"
    case .contentLength: "Content-Length"
    case .contentType: "Content-Type"
    case .from: "From"
    case .compactFrom: "f"
    case .host: "Host"
    case .location: "Location"
    case .compactContentLength: "l"
    case .notificationType: "NT"
    case .range: "Range"
    case .require: "Require"
    case .searchTarget: "ST"
    case .server: "Server"
    case .action: "SOAPAction"
    case .transferEncoding: "Transfer-Encoding"
    case .transport: "Transport"
    case .userAgent: "User-Agent"
    case .uniqueServiceName: "USN"
    case .challenge: "WWW-Authenticate"
    case .sessionCookie: "X-SessionCookie"
    }
  }

  /// The field whose name may begin with `letter` and is `length` characters long; no two have
  /// both in common.
  @inline(__always)
  static func candidate(beginningWith letter: UInt8, length: Int) -> HeaderField? {
    switch (letter | 0x20, length) {
    case (UInt8(ascii: "a"), 13): .authorization
    case (UInt8(ascii: "c"), 4): .commandSequence
    case (UInt8(ascii: "c"), 12): .contentType
    case (UInt8(ascii: "c"), 14): .contentLength
    case (UInt8(ascii: "f"), 1): .compactFrom
    case (UInt8(ascii: "f"), 4): .from
    case (UInt8(ascii: "h"), 4): .host
    case (UInt8(ascii: "l"), 1): .compactContentLength
    case (UInt8(ascii: "l"), 8): .location
    case (UInt8(ascii: "n"), 2): .notificationType
    case (UInt8(ascii: "r"), 5): .range
    case (UInt8(ascii: "r"), 7): .require
    case (UInt8(ascii: "s"), 2): .searchTarget
    case (UInt8(ascii: "s"), 6): .server
    case (UInt8(ascii: "s"), 10): .action
    case (UInt8(ascii: "t"), 9): .transport
    case (UInt8(ascii: "t"), 17): .transferEncoding
    case (UInt8(ascii: "u"), 3): .uniqueServiceName
    case (UInt8(ascii: "u"), 10): .userAgent
    case (UInt8(ascii: "w"), 16): .challenge
    case (UInt8(ascii: "x"), 15): .sessionCookie
    default: nil
    }
  }
}

/// The start line and header fields of an HTTP/1, RTSP or SIP message, as positions in its bytes.
///
/// One syntax serves the three ([RFC 9112 §2](https://www.rfc-editor.org/rfc/rfc9112#section-2),
/// RFC 2326 §4, RFC 3261 §7). Fields that no recognizer reads are passed over by the first letter
/// and the length of their names.
///
/// It is parsed and asked in place, hence `mutating`: reading an element of an array inside a struct
/// that is only borrowed copies the array.
struct MessageHead {
  /// The first line without its end.
  private(set) var startLine = 0..<0
  /// Offset of the first byte after the blank line.
  private(set) var end = 0
  /// Start and end of the value of each field, 32 bits each; 0 for those that are not there.
  private var values = InlineArray<21, UInt64>(repeating: 0)

  /// Reads a head that begins at `start`; `false` when its blank line has not come yet.
  mutating func parse(_ bytes: Span<UInt8>, from start: Int = 0, limit: Int = 16_384) -> Bool {
    let bound = min(bytes.count, start &+ limit)
    var line = start
    while line < bound, let feed = bytes.firstIndex(of: 0x0A, in: line..<bound) {
      if take(bytes, start, line, feed) { return true }
      line = feed &+ 1
    }
    return false
  }

  /// Takes the line from `line` to `feed` of the head that begins at `start`; `true` of the last.
  @inline(__always)
  private mutating func take(
    _ bytes: Span<UInt8>, _ start: Int, _ line: Int, _ feed: Int
  ) -> Bool {
    let lineEnd = feed > line && bytes[feed &- 1] == 0x0D ? feed &- 1 : feed
    if line == start {
      startLine = start..<lineEnd
    } else if lineEnd == line {
      end = feed &+ 1
      return true
    } else {
      note(bytes, line..<lineEnd)
    }
    return false
  }

  /// Keeps the value of a header line, if it is one that is read; the first of a name stands.
  @inline(never)
  private mutating func note(_ bytes: Span<UInt8>, _ line: Range<Int>) {
    let start = line.lowerBound
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":"), in: line),
      let field = HeaderField.candidate(beginningWith: bytes[start], length: colon &- start),
      bytes.hasCaseInsensitive(field.name, at: start)
    else { return }
    if values[field.rawValue] == 0 {
      values[field.rawValue] = Self.value(bytes, colon &+ 1..<line.upperBound)
    }
  }

  /// Start and end of a value without the blanks around it.
  @inline(__always)
  private static func value(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start &+= 1 }
    while end > start, bytes[end &- 1] == 0x20 || bytes[end &- 1] == 0x09 { end &-= 1 }
    return UInt64(UInt32(truncatingIfNeeded: start)) << 32 | UInt64(UInt32(truncatingIfNeeded: end))
  }

  /// The value of the first header line of a field.
  @inline(__always)
  mutating func value(_ field: HeaderField) -> Range<Int>? {
    let value = values[field.rawValue]
    guard value != 0 else { return nil }
    return Int(value >> 32)..<Int(value & 0xFFFF_FFFF)
  }

  /// `Content-Length`, bounded; 0 when absent, `nil` when it is no number.
  mutating func contentLength(in bytes: Span<UInt8>, orCompact field: HeaderField? = nil) -> Int? {
    var range = value(.contentLength)
    if range == nil, let field { range = value(field) }
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
