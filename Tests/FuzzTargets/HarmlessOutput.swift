// SPDX-License-Identifier: Apache-2.0

import Reporting

/// Checks that what is written is UTF-8 without anything a terminal would obey.
enum HarmlessOutput {
  /// Checks a report.
  static func check(_ write: (ReportSink) -> Void) {
    let sink = ReportSink()
    write(sink)
    let bytes = sink.bytes
    guard let text = String(validating: bytes, as: UTF8.self) else {
      fatalError("a report is no UTF-8")
    }
    check(text)
  }

  /// Checks text.
  static func check(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A: break
      case 0...0x1F, 0x7F...0x9F: fatalError("a control character in a report")
      case 0x202A...0x202E, 0x2066...0x2069, 0x200B...0x200F, 0x2028, 0x2029:
        fatalError("a character that reorders or hides text in a report")
      default: break
      }
    }
  }
}
