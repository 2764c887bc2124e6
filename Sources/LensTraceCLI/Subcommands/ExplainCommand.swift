// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// `lenstrace explain`: why a verdict is what it is.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Show what verdicts rest on.",
    subcommands: [ExplainThresholds.self])

  /// `lenstrace explain thresholds`.
  struct ExplainThresholds: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "thresholds",
      abstract: "List every threshold with its unit and where it comes from.")

    @OptionGroup(title: "Output")
    var output: OutputOptions

    @Option(help: "Format of standard output: text, csv or json.")
    var format: String?

    mutating func run() throws {
      let formats = ["text", "csv", "json"]
      let plan = try OutputPlan(output, format: format, standard: "text", formats: formats)
      try plan.write { format, style, sink in
        switch format {
        case "csv": ThresholdReport.writeCSV(ThresholdTable.all, to: sink)
        case "json": ThresholdReport.writeJSON(ThresholdTable.all, to: sink)
        default: ThresholdReport.writeText(ThresholdTable.all, style: style, to: sink)
        }
      }
    }
  }
}
