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
    if append(quotingPlain: text.utf8.span) { return }
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
