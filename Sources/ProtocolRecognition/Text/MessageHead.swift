// SPDX-License-Identifier: Apache-2.0

/// The header fields that are read, in order of their first letters.
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

  /// The first and the last of the fields whose names begin with a letter.
  static func beginning(with letter: UInt8) -> (HeaderField, HeaderField)? {
    switch letter | 0x20 {
    case UInt8(ascii: "a"): (.authorization, .authorization)
    case UInt8(ascii: "c"): (.commandSequence, .contentType)
    case UInt8(ascii: "f"): (.from, .compactFrom)
    case UInt8(ascii: "h"): (.host, .host)
    case UInt8(ascii: "l"): (.location, .compactContentLength)
    case UInt8(ascii: "n"): (.notificationType, .notificationType)
    case UInt8(ascii: "r"): (.range, .require)
    case UInt8(ascii: "s"): (.searchTarget, .action)
    case UInt8(ascii: "t"): (.transferEncoding, .transport)
    case UInt8(ascii: "u"): (.userAgent, .uniqueServiceName)
    case UInt8(ascii: "w"): (.challenge, .challenge)
    case UInt8(ascii: "x"): (.sessionCookie, .sessionCookie)
    default: nil
    }
  }
}

/// The start line and header fields of an HTTP/1, RTSP or SIP message, as positions in its bytes.
///
/// One syntax serves the three ([RFC 9112 §2](https://www.rfc-editor.org/rfc/rfc9112#section-2),
/// RFC 2326 §4, RFC 3261 §7). Fields that no recognizer reads are passed over by their first letter.
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
    var index = start
    while index < bound, index &+ 8 <= bytes.count {
      var feeds = bytes.places(of: 0x0A, at: index)
      while feeds != 0 {
        let feed = index &+ feeds.trailingZeroBitCount / 8
        feeds &= feeds &- 1
        guard feed < bound else { return false }
        if take(bytes, start, line, feed) { return true }
        line = feed &+ 1
      }
      index &+= 8
    }
    while index < bound {
      if bytes[index] == 0x0A {
        if take(bytes, start, line, index) { return true }
        line = index &+ 1
      }
      index &+= 1
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
  @inline(__always)
  private mutating func note(_ bytes: Span<UInt8>, _ line: Range<Int>) {
    let start = line.lowerBound
    guard let (first, last) = HeaderField.beginning(with: bytes[start]) else { return }
    for index in first.rawValue...last.rawValue {
      guard let name = HeaderField(rawValue: index)?.name else { return }
      let colon = start &+ name.bytes.count
      guard colon < line.upperBound, bytes[colon] == UInt8(ascii: ":"),
        bytes.hasCaseInsensitive(name, at: start)
      else { continue }
      if values[index] == 0 { values[index] = Self.value(bytes, colon &+ 1..<line.upperBound) }
      return
    }
  }

  /// Start and end of a value without the blanks around it.
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
