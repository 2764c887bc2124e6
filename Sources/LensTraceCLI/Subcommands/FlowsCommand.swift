// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
internal import LensTrace

/// `lenstrace flows`: flow records.
struct FlowsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flows",
    abstract: "List flows with volumes, service and video verdict.",
    discussion: """
      Examples:
        lenstrace flows capture.pcap --sort bytes --top 20
        lenstrace flows capture.pcap --format csv --idle-timeout off \\
          --output flows.csv
      """)

  @OptionGroup
  var options: AnalysisOptions

  @OptionGroup(title: "Output")
  var output: OutputOptions

  @OptionGroup
  var select: SelectOptions

  @Option(help: "Format of standard output: text, csv, json or ndjson.")
  var format: String?

  @Option(help: "Order: first, bytes, packets or duration.")
  var sort = FlowList.Order.first

  @Option(help: ArgumentHelp("List so many flows at most.", valueName: "n"))
  var top: Int?

  mutating func validate() throws {
    if let top, top < 1 { throw ValidationError("--top must be 1 or more") }
  }

  mutating func run() throws {
    let list = FlowList(order: sort, limit: top, selection: try select.selection())
    let formats = ["text", "csv", "json", "ndjson"]
    var plan = try OutputPlan(output, format: format, standard: "text", formats: formats)
    let captures = try options.captures()
    try plan.protect(options.filesRead(captures))
    let analysis = try options.analysis(of: captures)
    try plan.write { format, style, sink in
      switch format {
      case "csv": FlowReport.writeCSV(analysis, list, to: sink)
      case "json": FlowReport.writeJSON(analysis, list, to: sink)
      case "ndjson": FlowReport.writeNDJSON(analysis, list, to: sink)
      default: FlowText.write(analysis, list, style: style, to: sink)
      }
    }
    try AnalysisOptions.exit(analysis)
  }
}

extension FlowList.Order: ExpressibleByArgument {}
