// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
internal import LensTrace

/// `lenstrace analyze`: the whole job.
struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Find video that left the network: findings, cameras, destinations, timeline.",
    discussion: """
      Examples:
        lenstrace analyze capture.pcapng --geoip ip2asn-combined.tsv --home IT
        lenstrace analyze evidence/ --recursive --home IT --geoip asn.csv \\
          --output report.html --output case.sqlite --output case.lenstrace
        lenstrace analyze case.lenstrace --output timesketch:case.csv
        lenstrace analyze case.lenstrace --select "country=RU,verdict>=likely"
      """)

  @OptionGroup
  var options: AnalysisOptions

  @OptionGroup(title: "Output")
  var output: OutputOptions

  @OptionGroup
  var select: SelectOptions

  @Option(
    help: ArgumentHelp(
      "Format of standard output: text, json, ndjson, csv, html, svg, sqlite, timesketch or lenstrace."
    ))
  var format: String?

  @Option(
    help: ArgumentHelp("Optional parts of the JSON: flows,timeline,names.", valueName: "parts"))
  var include: [String] = []

  @Option(
    help: ArgumentHelp("Exit with 1 at findings of this severity or above.", valueName: "severity"))
  var failOn: Severity?

  @Flag(help: "Exit with 65 when an input is damaged.")
  var strict = false

  mutating func run() throws {
    var reportOptions = ReportOptions(selection: try select.selection())
    reportOptions.parts = try parts()
    var plan = try OutputPlan(
      output, format: format, standard: "text", formats: ReportFormats.all.map(\.name))
    let captures = try options.captures()
    try plan.protect(options.filesRead(captures))
    let analysis = try options.analysis(of: captures)
    try plan.write { name, style, sink in
      guard let format = ReportFormats.named(name) else { return }
      reportOptions.style = style
      ReportFormats.write(analysis, as: format, options: reportOptions, to: sink)
    }
    // The process ends now: taking the flows apart one by one would only cost time.
    _ = unsafe Unmanaged.passRetained(Kept(analysis))
    try AnalysisOptions.exit(analysis)
    if strict, analysis.inputs.contains(where: { $0.damageCount > 0 }) {
      Terminal.error("an input is damaged (--strict); see the damage in the report")
      throw ExitCode(Status.noData)
    }
    if let failOn, analysis.findings.contains(where: { $0.severity >= failOn }) {
      throw ExitCode(Status.findings)
    }
  }

  private func parts() throws -> Set<AnalysisJSON.Part> {
    let names = include.flatMap { $0.split(separator: ",").map(String.init) }
    return Set(
      try names.map { name in
        guard let part = AnalysisJSON.Part(rawValue: name) else {
          throw ValidationError("--include: \"\(name)\" is none of flows, timeline, names")
        }
        return part
      })
  }
}

/// An analysis that is never given back.
private final class Kept {
  let analysis: Analysis

  init(_ analysis: Analysis) { self.analysis = analysis }
}

extension Severity: ExpressibleByArgument {}
