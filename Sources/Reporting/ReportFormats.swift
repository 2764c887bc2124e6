// SPDX-License-Identifier: Apache-2.0

/// A form that results are written in.
public struct ReportFormat: Sendable, Hashable {
  /// Name on the command line.
  public let name: String
  /// How a whole analysis is written in it; `nil` for formats of other commands only.
  let write: (@Sendable (Analysis, ReportOptions, ReportSink) -> Void)?

  /// Whether `analyze` writes it.
  public var isOfAnalysis: Bool { write != nil }

  /// Whether two formats are the same one.
  public static func == (lhs: ReportFormat, rhs: ReportFormat) -> Bool { lhs.name == rhs.name }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// How an analysis is printed.
public struct ReportOptions: Sendable {
  /// Optional parts of the JSON.
  public var parts: Set<AnalysisJSON.Part>
  /// What is printed.
  public var selection: Selection
  /// Width and colours of text.
  public var style: TerminalStyle

  /// Makes options.
  public init(
    parts: Set<AnalysisJSON.Part> = [], selection: Selection = Selection(),
    style: TerminalStyle = TerminalStyle()
  ) {
    self.parts = parts
    self.selection = selection
    self.style = style
  }
}

/// The formats of whole analyses: one file and one line here each.
public enum ReportFormats {
  /// All formats in the order of the help.
  public static let all: [ReportFormat] = [
    ReportFormat(name: "text") {
      TextReport.write($0, style: $1.style, selection: $1.selection, to: $2)
    },
    ReportFormat(name: "json") {
      AnalysisJSON.write($0, including: $1.parts, selection: $1.selection, to: $2)
    },
    ReportFormat(name: "ndjson") { AnalysisNDJSON.write($0, selection: $1.selection, to: $2) },
    ReportFormat(name: "csv") { FindingCSV.write($0, selection: $1.selection, to: $2) },
    ReportFormat(name: "html") { HTMLReport.write($0, selection: $1.selection, to: $2) },
    ReportFormat(name: "svg") { SVGReport.write($0, selection: $1.selection, to: $2) },
    ReportFormat(name: "sqlite") { SQLiteReport.write($0, selection: $1.selection, to: $2) },
    ReportFormat(name: "timesketch") {
      TimesketchReport.write($0, selection: $1.selection, to: $2)
    },
    ReportFormat(name: SavedAnalysis.pathExtension) { SavedAnalysis.write($0, to: $2) },
  ]

  /// The format of a name.
  public static func named(_ name: String) -> ReportFormat? {
    all.first { $0.name == name }
  }

  /// Writes an analysis.
  public static func write(
    _ analysis: Analysis, as format: ReportFormat, options: ReportOptions, to sink: ReportSink
  ) {
    format.write?(analysis, options, sink)
  }
}
