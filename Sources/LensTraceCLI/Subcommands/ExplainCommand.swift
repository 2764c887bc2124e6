// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// `lenstrace explain`: why a verdict is what it is.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Show what verdicts rest on.",
    discussion: """
      Examples:
        lenstrace explain F-4002ae79 capture.pcapng --geoip asn.csv --home IT
        lenstrace explain thresholds
      """,
    subcommands: [ExplainFinding.self, ExplainThresholds.self],
    defaultSubcommand: ExplainFinding.self)

  /// `lenstrace explain F-12345678 INPUT...`.
  struct ExplainFinding: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "finding",
      abstract: "Show why a finding has its verdict: windows, gates, packets to look at.",
      discussion: """
        Examples:
          lenstrace explain F-4002ae79 capture.pcapng --geoip asn.csv --home IT
        """)

    @Argument(help: "Id of the finding, as analyze prints it with the same options.")
    var id: String

    @OptionGroup
    var options: AnalysisOptions

    @OptionGroup(title: "Output")
    var output: OutputOptions

    mutating func run() throws {
      var plan = try OutputPlan(output, format: nil, standard: "text", formats: ["text"])
      let captures = try options.captures()
      try plan.protect(options.filesRead(captures))
      let analysis = try options.analysis(of: captures)
      guard let finding = analysis.findings.first(where: { $0.id == id }) else {
        throw ValidationError(
          "no finding \(id) in \(analysis.findings.count) findings; "
            + "use the options that analyze was given")
      }
      try plan.write { _, style, sink in
        FindingReport.writeText(finding, of: analysis, style: style, to: sink)
      }
      try AnalysisOptions.exit(analysis)
    }
  }

  /// `lenstrace explain thresholds`.
  struct ExplainThresholds: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "thresholds",
      abstract: "List every threshold with its unit and where it comes from.",
      discussion: """
        Examples:
          lenstrace explain thresholds --format csv
        """)

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
