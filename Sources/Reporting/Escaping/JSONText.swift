// SPDX-License-Identifier: Apache-2.0

extension ReportSink {
  /// Writes a JSON string: the one place where text is made harmless for JSON.
  ///
  /// Controls, bidirectional and invisible characters are escaped even where
  /// [RFC 8259 §7](https://www.rfc-editor.org/rfc/rfc8259#section-7) would allow them, because
  /// people read JSON in terminals.
  func writeJSON(_ text: String) {
    write(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": write("\\\"")
      case "\\": write("\\\\")
      case "\n": write("\\n")
      case "\r": write("\\r")
      case "\t": write("\\t")
      default:
        if scalar.isHostile {
          for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
            let digits = String(unit, radix: 16)
            write("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
          }
        } else if scalar.isASCII {
          write(UInt8(truncatingIfNeeded: scalar.value))
        } else {
          write(scalar)
        }
      }
    }
    write(UInt8(ascii: "\""))
  }
}
