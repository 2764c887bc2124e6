// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration

/// How a text report looks: its width, and colours where a terminal shows them.
public struct TerminalStyle: Sendable {
  /// Columns to fill.
  public var columns: Int
  /// Whether colours are used.
  public var isColoured: Bool

  /// Widths that reports are made for.
  public static let columnLimits = 60...240

  /// Makes a style; `columns` is brought into ``columnLimits``.
  public init(columns: Int = 100, isColoured: Bool = false) {
    self.columns = min(
      max(columns, Self.columnLimits.lowerBound), Self.columnLimits.upperBound)
    self.isColoured = isColoured
  }

  func bold(_ text: String) -> String { wrapped(text, "1") }
  func dim(_ text: String) -> String { wrapped(text, "2") }

  func severity(_ severity: Severity, _ text: String) -> String {
    switch severity {
    case .critical: wrapped(text, "1;31")
    case .high: wrapped(text, "31")
    case .medium: wrapped(text, "33")
    case .low: wrapped(text, "36")
    case .info: text
    }
  }

  private func wrapped(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// Breaks harmless text at spaces into lines of at most `columns` less `indent` columns.
  func wrap(_ text: String, indent: Int, hanging: Int? = nil) -> [String] {
    let limit = max(20, columns - indent)
    var lines: [String] = []
    var line = ""
    var used = 0
    let later = String(repeating: " ", count: max(0, (hanging ?? indent) - indent))
    for word in text.split(separator: " ") {
      let width = TerminalText.columnCount(String(word))
      if used > 0, used + 1 + width > limit {
        lines.append(line)
        line = later + word
        used = later.utf8.count + width
      } else {
        line += (used > 0 && !(line == later) ? " " : "") + word
        used += width + (used > 0 ? 1 : 0)
      }
    }
    if !line.isEmpty { lines.append(line) }
    let margin = String(repeating: " ", count: indent)
    return lines.map { margin + $0 }
  }

  /// A name in a column of its own, with its text beside it over as many lines as it needs.
  func row(_ name: String, _ text: String, nameColumns: Int, indent: Int = 2) -> [String] {
    let margin = indent + nameColumns
    let lines = wrap(text, indent: margin)
    let head =
      String(repeating: " ", count: indent) + TerminalText.padded(name, to: nameColumns)
    guard let first = lines.first else { return [head] }
    return [head + first.dropFirst(margin)] + lines.dropFirst()
  }
}
