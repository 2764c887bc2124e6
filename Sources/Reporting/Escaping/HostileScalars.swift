// SPDX-License-Identifier: Apache-2.0

extension Unicode.Scalar {
  /// Whether the character could change how its surroundings are shown: controls that terminals
  /// obey, and format characters that reorder, hide or break text.
  ///
  /// Every format escapes these, each in its own notation.
  var isHostile: Bool {
    switch value {
    case 0...0x1F, 0x7F...0x9F: true  // C0, DEL, C1
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true  // bidi (UAX #9)
    case 0x200B...0x200D, 0x2060...0x2064, 0x00AD, 0xFEFF: true  // invisible
    case 0x2028, 0x2029: true  // line and paragraph separators
    case 0xFFF9...0xFFFB: true  // interlinear annotation
    case 0xE0000...0xE007F: true  // tags
    default: false
    }
  }

  /// Columns of a terminal that the character takes.
  var columnCount: Int {
    switch value {
    case 0x0300...0x036F, 0x0483...0x0489, 0x0591...0x05BD, 0x064B...0x065F, 0x1AB0...0x1AFF,
      0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE00...0xFE0F, 0xFE20...0xFE2F:
      0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }

  /// The code point in lower-case hexadecimal digits, at least four.
  var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
