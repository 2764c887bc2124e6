// SPDX-License-Identifier: Apache-2.0

/// Element texts of small XML messages (ONVIF, SADP), found by local name; not an XML parser, so
/// that no entity or nesting of a hostile message is ever followed.
enum XMLText {
  /// The text of the first element whose local name is `name`, without surrounding blanks.
  static func value(_ name: ASCII, in bytes: Span<UInt8>) -> String? {
    guard let range = range(name, in: bytes) else { return nil }
    return bytes.text(range)
  }

  /// Where the text of the first element whose local name is `name` stands.
  static func range(_ name: ASCII, in bytes: Span<UInt8>, from start: Int = 0) -> Range<Int>? {
    var offset = start
    while let found = bytes.firstIndex(of: name, in: offset..<bytes.count) {
      offset = found &+ 1
      // Preceded by `<` or a prefix's colon, followed by `>` or attributes.
      let before = bytes.byte(found &- 1)
      let after = bytes.byte(found &+ name.bytes.count)
      guard before == UInt8(ascii: "<") || before == UInt8(ascii: ":"),
        after == UInt8(ascii: ">") || after == 0x20,
        let open = bytes.firstIndex(of: UInt8(ascii: ">"), in: found..<bytes.count),
        bytes.byte(open &- 1) != UInt8(ascii: "/")
      else { continue }
      let close = bytes.firstIndex(of: UInt8(ascii: "<"), in: open..<bytes.count) ?? bytes.count
      // A closing tag has the same shape; its name follows a slash.
      var opening = found
      while opening > 0, bytes[opening] != UInt8(ascii: "<") { opening &-= 1 }
      if bytes.byte(opening &+ 1) == UInt8(ascii: "/") { continue }
      var lower = open &+ 1
      var upper = close
      while lower < upper, bytes[lower] <= 0x20 { lower &+= 1 }
      while upper > lower, bytes[upper &- 1] <= 0x20 { upper &-= 1 }
      return lower..<upper
    }
    return nil
  }
}
