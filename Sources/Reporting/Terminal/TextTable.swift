// SPDX-License-Identifier: Apache-2.0

/// A table in columns of their own widths; where the line is too narrow, cells go on in the next
/// one, so that nothing is cut.
struct TextTable {
  var heads: [String]
  var rightAligned: Set<Int> = []
  var rows: [[String]]
  /// What stands below each row over the whole width; may be shorter than the rows.
  var notes: [String] = []

  /// Columns that a cell keeps when the line is too narrow.
  private static let minimumColumns = 3

  /// The table with its heads, two columns in; columns in which nothing stands are left out.
  func lines(_ style: TerminalStyle) -> [String] {
    let shown = heads.indices.filter { index in
      rows.contains { $0.indices.contains(index) && !$0[index].isEmpty && $0[index] != "-" }
    }
    let table = TextTable(
      heads: shown.map { heads[$0] },
      rightAligned: Set(shown.indices.filter { rightAligned.contains(shown[$0]) }),
      rows: rows.map { row in shown.map { row.indices.contains($0) ? row[$0] : "" } })
    guard !table.heads.isEmpty else { return [] }
    let widths = table.widths(within: style.columns - 2)
    var lines = table.lines(table.heads, widths).map(style.dim)
    for (index, row) in table.rows.enumerated() {
      lines += table.lines(row, widths)
      if notes.indices.contains(index), !notes[index].isEmpty {
        lines += style.wrap(notes[index], indent: 7).map(style.dim)
      }
    }
    return lines
  }

  /// Widths of the columns: what stands in them, less in those that can be broken at spaces, and
  /// where that does not suffice in the widest.
  private func widths(within limit: Int) -> [Int] {
    var widths = heads.map(TerminalText.columnCount)
    var words = heads.map(Self.longestWord)
    for row in rows {
      for index in widths.indices {
        let width = TerminalText.columnCount(row[index])
        guard width > words[index] || width > widths[index] else { continue }
        widths[index] = max(widths[index], width)
        words[index] = max(words[index], Self.longestWord(row[index]))
      }
    }
    let room = limit - 2 * (widths.count - 1)
    for least in [words, Array(repeating: Self.minimumColumns, count: widths.count)] {
      while widths.reduce(0, +) > room {
        guard
          let widest = widths.indices.filter({ widths[$0] > least[$0] })
            .max(by: { widths[$0] < widths[$1] })
        else { break }
        widths[widest] -= 1
      }
    }
    return widths
  }

  private static func longestWord(_ text: String) -> Int {
    text.split(separator: " ").map { TerminalText.columnCount(String($0)) }.max() ?? 0
  }

  private func lines(_ cells: [String], _ widths: [Int]) -> [String] {
    let parts = widths.indices.map { Self.broken(cells[$0], widths[$0]) }
    return (0..<max(1, parts.map(\.count).max() ?? 1)).map { number in
      var line = " "
      for index in widths.indices {
        let part = parts[index].indices.contains(number) ? parts[index][number] : ""
        line += index == 0 ? " " : "  "
        line += TerminalText.padded(
          part, to: widths[index], right: rightAligned.contains(index))
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// Breaks a cell at spaces, and inside of words that are wider than the column.
  private static func broken(_ text: String, _ columns: Int) -> [String] {
    guard TerminalText.columnCount(text) > columns else { return [text] }
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ") {
      let width = TerminalText.columnCount(String(word))
      if used > 0, used + 1 + width <= columns {
        line += " " + word
        used += 1 + width
        continue
      }
      if used > 0 { lines.append(line) }
      (line, used) = ("", 0)
      for scalar in word.unicodeScalars {
        if used > 0, used + scalar.columnCount > columns {
          lines.append(line)
          (line, used) = ("", 0)
        }
        line.unicodeScalars.append(scalar)
        used += scalar.columnCount
      }
    }
    if used > 0 { lines.append(line) }
    return lines
  }
}
