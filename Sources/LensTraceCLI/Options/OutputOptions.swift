// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// Width and colours of text, and where results go.
struct OutputOptions: ParsableArguments {
  /// When colours are used.
  enum Colour: String, ExpressibleByArgument, CaseIterable {
    /// On a terminal, unless NO_COLOR is set.
    case auto
    /// Always.
    case always
    /// Never.
    case never
  }

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to a file; format by its ending (repeatable).", valueName: "[format:]path"))
  var output: [String] = []

  @Flag(help: "Replace files that exist.")
  var force = false

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"))
  var color = Colour.auto

  @Option(help: ArgumentHelp("Columns of text; the terminal's width, else 100.", valueName: "n"))
  var width: Int?

  mutating func validate() throws {
    if let width, !TerminalStyle.columnLimits.contains(width) {
      let limits = TerminalStyle.columnLimits
      throw ValidationError("--width must be \(limits.lowerBound) to \(limits.upperBound)")
    }
  }

  /// Style of text on standard output, or in a file.
  func style(isFile: Bool = false) -> TerminalStyle {
    let isTerminal = !isFile && OutputSystem.isTerminal(Terminal.output)
    let coloured =
      switch color {
      case .always: !isFile
      case .never: false
      // https://no-color.org: set and not empty.
      case .auto: isTerminal && (OutputSystem.environment("NO_COLOR") ?? "").isEmpty
      }
    let found = isTerminal ? OutputSystem.terminalColumns(Terminal.output) : nil
    return TerminalStyle(columns: width ?? found ?? 100, isColoured: coloured)
  }
}
