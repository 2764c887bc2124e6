// SPDX-License-Identifier: Apache-2.0

/// Text for a terminal: the one place where packet data is made harmless for it.
enum TerminalText {
  /// Columns after which a name is cut in the text report; the JSON has it whole.
  static let maximumColumns = 120

  /// Replaces controls by `\u{…}`, doubles backslashes, and cuts after `columns` columns.
  static func escaped(_ text: String, columns: Int = maximumColumns) -> String {
    var result = ""
    var used = 0
    for scalar in text.unicodeScalars {
      let piece: String
      let width: Int
      if scalar.isHostile {
        piece = "\\u{\(scalar.hexadecimal)}"
        width = piece.utf8.count
      } else if scalar == "\\" {
        piece = "\\\\"
        width = 2
      } else {
        piece = String(scalar)
        width = scalar.columnCount
      }
      if used + width > columns { return result + "…" }
      result += piece
      used += width
    }
    return result
  }

  /// Columns that harmless text takes.
  static func columnCount(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + $1.columnCount }
  }

  /// Harmless text cut to `columns` columns, with a mark where something was cut.
  static func cut(_ text: String, to columns: Int) -> String {
    guard columnCount(text) > columns else { return text }
    var result = ""
    var used = 0
    for scalar in text.unicodeScalars {
      used += scalar.columnCount
      if used >= columns { break }
      result.unicodeScalars.append(scalar)
    }
    return result + "…"
  }

  /// Harmless text filled with spaces to `columns` columns, cut where it is longer.
  static func padded(_ text: String, to columns: Int, right: Bool = false) -> String {
    let cut = cut(text, to: columns)
    let fill = String(repeating: " ", count: max(0, columns - columnCount(cut)))
    return right ? fill + cut : cut + fill
  }
}
