// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// `lenstrace diff`: what changed from one capture, or saved analysis, to another.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what changed: devices, destinations, verdicts, volumes.",
    discussion: """
      Each side is a saved analysis (analyze --format json, compressed or not), a
      capture or a folder of captures. Captures are analysed with the options
      given; give saved analyses where the two sides need different ones.

      Examples:
        lenstrace diff monday.json friday.json
        lenstrace diff before.pcapng after.pcapng --geoip asn.tsv --home IT
      """)

  @Argument(help: ArgumentHelp("What was before.", valueName: "before"))
  var before: String

  @Argument(help: ArgumentHelp("What is after.", valueName: "after"))
  var after: String

  @OptionGroup(title: "Packets")
  var packets: PacketOptions

  @OptionGroup(title: "Policy")
  var policy: PolicyOptions

  @OptionGroup(title: "Flows")
  var flows: FlowOptions

  @OptionGroup(title: "Memory")
  var limits: LimitOptions

  @OptionGroup(title: "Run")
  var process: RunOptions

  @OptionGroup(title: "Output")
  var output: OutputOptions

  @Option(help: "Format of standard output: text or json.")
  var format: String?

  mutating func run() throws {
    var plan = try OutputPlan(output, format: format, standard: "text", formats: ["text", "json"])
    let filesRead = CaptureSet.filesBehind([before, after]) + policy.files
    if let log = process.log { try RunLog.begin(log, inputs: filesRead) }
    try plan.protect(filesRead)
    let comparison = AnalysisComparison(
      before: try outline(before), after: try outline(after))
    try plan.write { format, style, sink in
      if format == "json" {
        ComparisonReport.writeJSON(comparison, to: sink)
      } else {
        ComparisonReport.writeText(comparison, style: style, to: sink)
      }
    }
  }

  private func outline(_ path: String) throws -> AnalysisOutline {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    do {
      if let saved = try AnalysisOutline(path: path, name: name) { return saved }
    } catch let error as SavedAnalysisError {
      throw error
    } catch {
      // A folder, or a file that cannot be read: the captures say which.
    }
    var configuration = Analyzer.Configuration()
    try policy.apply(to: &configuration)
    try flows.apply(to: &configuration)
    try packets.apply(to: &configuration)
    limits.apply(to: &configuration)
    configuration.jobs = process.jobs
    configuration.computesHashes = false
    let captures = try CaptureSet([path], recursive: false)
    let stop = StopSignal()
    Interruption.stopsRun(stop)
    let analysis = try Analyzer(configuration).analyze(captures, stop: stop)
    guard analysis.isComplete else { throw ExitCode(Status.interrupted) }
    return AnalysisOutline(analysis, name: name)
  }
}
