// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// The style sheets and the script of the HTML report, made by `make tables` of `HTML/Assets`.
enum ReportAssets {
  /// Style sheet of the HTML report: the page's own and that of its drawings.
  static let pageStyle = drawingStyle + reportStyle

  /// The source expression of the Content Security Policy that lets exactly this inline text run.
  static func hashSource(of text: String) -> String {
    "'sha256-\(base64(SHA256Hex.digest(of: text)))'"
  }

  /// Base64 of bytes given as hexadecimal digits ([RFC 4648 §4](https://www.rfc-editor.org/rfc/rfc4648#section-4)).
  static func base64(_ hexadecimal: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var bits = hexadecimal.compactMap(\.hexDigitValue).flatMap { digit in
      (0..<4).map { digit >> (3 - $0) & 1 }
    }
    let padding = (3 - bits.count / 8 % 3) % 3
    while bits.count % 6 != 0 { bits.append(0) }
    var result = ""
    for start in stride(from: 0, to: bits.count, by: 6) {
      result.append(alphabet[bits[start..<start + 6].reduce(0) { $0 << 1 | $1 }])
    }
    return result + String(repeating: "=", count: padding)
  }
}
