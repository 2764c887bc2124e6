// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// `lenstrace info`: facts about capture files.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show facts about capture files: packets, times, interfaces, damage, SHA-256.",
    discussion: """
      Examples:
        lenstrace info capture.pcapng
        lenstrace info evidence/*.pcapng.zst --format json
      """)

  @OptionGroup(title: "Input")
  var input: InputOptions

  @OptionGroup(title: "Run")
  var work: RunOptions

  @OptionGroup(title: "Output")
  var output: OutputOptions

  @Option(help: "Format of standard output: text or json.")
  var format: String?

  mutating func run() throws {
    let formats = ["text", "json"]
    var plan = try OutputPlan(output, format: format, standard: "text", formats: formats)
    if let log = work.log {
      try RunLog.begin(log, inputs: CaptureSet.filesBehind(try input.paths()) + input.lists)
    }
    let captures = try input.captures(isQuiet: work.quiet)
    try plan.protect(captures.paths + input.lists)
    var configuration = Analyzer.Configuration()
    configuration.jobs = work.jobs
    configuration.computesHashes = !work.noHash
    let meter = work.progressMeter()
    let information = try Analyzer(configuration).info(captures) { meter?.show($0) }
    meter?.clear()
    for error in information.unreadable { Terminal.error(error.description) }
    try plan.write { format, style, sink in
      if format == "json" {
        CaptureFactsJSON.write(information.files, to: sink)
      } else {
        CaptureFactsText.write(information.files, style: style, to: sink)
      }
    }
    if let first = information.unreadable.first { throw ExitCode(Failure.status(of: first)) }
  }
}
