// SPDX-License-Identifier: Apache-2.0

extension ReportSink {
  /// Writes a CSV field of text from packets or tables: the one place where it is made harmless.
  ///
  /// A field that a spreadsheet would take for a formula gets a leading apostrophe; controls are
  /// written as `\u{…}`, so that no field ever spans lines.
  func writeCSV(hostile text: String) {
    var safe = ""
    if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) {
      safe = "'"
    }
    for scalar in text.unicodeScalars {
      if scalar.isHostile {
        safe += "\\u{\(scalar.hexadecimal)}"
      } else {
        safe.unicodeScalars.append(scalar)
      }
    }
    writeCSV(plain: safe)
  }

  /// Writes a CSV field of our own words, quoted where
  /// [RFC 4180 §2](https://www.rfc-editor.org/rfc/rfc4180#section-2) asks for it.
  func writeCSV(plain text: String) {
    let needsQuotes = text.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D
    }
    guard needsQuotes || text.first == " " || text.last == " " else {
      write(text)
      return
    }
    write(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { write(byte) }
      write(byte)
    }
    write(UInt8(ascii: "\""))
  }
}
