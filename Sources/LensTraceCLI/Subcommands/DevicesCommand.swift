// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// `lenstrace devices`: the inventory of the inside.
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "List the devices of the inside: addresses, maker, names, roles and their marks.",
    discussion: """
      Examples:
        lenstrace devices capture.pcap
        lenstrace devices case.lenstrace --format csv --output devices.csv
      """)

  @OptionGroup
  var options: AnalysisOptions

  @OptionGroup(title: "Output")
  var output: OutputOptions

  @Option(help: "Format of standard output: text, csv or json.")
  var format: String?

  mutating func run() throws {
    let formats = ["text", "csv", "json"]
    var plan = try OutputPlan(output, format: format, standard: "text", formats: formats)
    let captures = try options.captures()
    try plan.protect(options.filesRead(captures))
    let analysis = try options.analysis(of: captures)
    try plan.write { format, style, sink in
      switch format {
      case "csv": DeviceReport.writeCSV(analysis, to: sink)
      case "json": DeviceReport.writeJSON(analysis, to: sink)
      default: DeviceReport.writeText(analysis, style: style, to: sink)
      }
    }
    try AnalysisOptions.exit(analysis)
  }
}
