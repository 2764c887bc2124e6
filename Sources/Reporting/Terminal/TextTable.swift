// SPDX-License-Identifier: Apache-2.0

/// A table in columns of their own widths; the last column takes what is left and is cut.
struct TextTable {
  var heads: [String]
  var rightAligned: Set<Int> = []
  var rows: [[String]]

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
    var widths = table.heads.map { TerminalText.columnCount($0) }
    for row in table.rows {
      for index in widths.indices {
        widths[index] = max(widths[index], TerminalText.columnCount(row[index]))
      }
    }
    shrink(&widths, to: style.columns - 2)
    return [style.dim(table.line(table.heads, widths))]
      + table.rows.map { table.line($0, widths) }
  }

  /// Takes columns from the widest ones until the line fits.
  private func shrink(_ widths: inout [Int], to limit: Int) {
    let gaps = 2 * (widths.count - 1)
    while widths.reduce(0, +) + gaps > limit {
      guard let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
        widths[widest] > Self.minimumColumns
      else { return }
      widths[widest] -= 1
    }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = " "
    for index in widths.indices {
      let cell = cells.indices.contains(index) ? cells[index] : ""
      let isLast = index == widths.count - 1
      let isRight = rightAligned.contains(index)
      line += index == 0 ? " " : "  "
      line +=
        isLast && !isRight
        ? TerminalText.cut(cell, to: widths[index])
        : TerminalText.padded(cell, to: widths[index], right: isRight)
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
