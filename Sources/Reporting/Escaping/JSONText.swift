// SPDX-License-Identifier: Apache-2.0

extension ReportSink {
  /// Writes a JSON string; see `appendJSON`.
  func writeJSON(_ text: String) {
    var bytes = ReportBytes()
    bytes.appendJSON(text)
    write(bytes.span)
  }
}

extension ReportBytes {
  /// Appends a JSON string: the one place where text is made harmless for JSON.
  ///
  /// Controls, bidirectional and invisible characters are escaped even where
  /// [RFC 8259 §7](https://www.rfc-editor.org/rfc/rfc8259#section-7) would allow them, because
  /// people read JSON in terminals.
  mutating func appendJSON(_ text: String) {
    let bytes = text.utf8.span
    if bytes.isPlainJSON { return append(quoting: bytes) }
    append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars { appendJSON(scalar) }
    append(UInt8(ascii: "\""))
  }

  private mutating func appendJSON(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": append("\\\"")
    case "\\": append("\\\\")
    case "\n": append("\\n")
    case "\r": append("\\r")
    case "\t": append("\\t")
    default:
      guard scalar.isHostile else {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(byte) }
        return
      }
      for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
        append("\\u")
        append(hexadecimal: unit)
      }
    }
  }
}

extension Span<UInt8> {
  /// Whether all bytes stand for themselves in a JSON string: printable ASCII without quotation
  /// mark and backslash.
  var isPlainJSON: Bool {
    guard count >= 8 else {
      // Few bytes are one word, whose rest is filled with a letter.
      var word: UInt64 = 0x6161_6161_6161_6161
      for index in indices { word = word << 8 | UInt64(self[index]) }
      return Self.isPlainJSON(word)
    }
    // Eight bytes at a time, the last eight once more instead of the rest one by one.
    var offset = 0
    while offset &+ 8 <= count {
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if !Self.isPlainJSON(word) { return false }
      offset &+= 8
    }
    let last = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
    return Self.isPlainJSON(last)
  }

  /// Whether eight bytes are plain: a byte is below n where subtracting n borrows into its high bit.
  @inline(__always)
  private static func isPlainJSON(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    let quote = word ^ ones &* 0x22
    let backslash = word ^ ones &* 0x5C
    let delete = word ^ ones &* 0x7F
    let odd =
      word | (word &- ones &* 0x20) & ~word | (quote &- ones) & ~quote
      | (backslash &- ones) & ~backslash | (delete &- ones) & ~delete
    return odd & highs == 0
  }
}
