// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// `lenstrace evaluate`: error rates on labelled captures.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Compare verdicts with labels: error rates with intervals, misses, false alarms.",
    discussion: """
      LABELS has tabs between its columns and a header line; capture, flow and
      label are needed, family may be there. flow is *, * udp, * tcp, or
      192.0.2.1:5004 -> 198.51.100.7:443 tcp.

      Examples:
        Samples/Laboratory/laboratory.py /tmp/laboratory
        lenstrace evaluate /tmp/laboratory/labels-final.tsv /tmp/laboratory
      """)

  @Argument(help: "File of labels.")
  var labels: String

  @Argument(help: "Folders that hold the captures, or captures.")
  var captures: [String]

  @OptionGroup(title: "Policy")
  var policy: PolicyOptions

  @OptionGroup(title: "Memory")
  var limits: LimitOptions

  @OptionGroup(title: "Run")
  var resources: RunOptions

  @OptionGroup(title: "Output")
  var output: OutputOptions

  @Option(help: "Format of standard output: text, csv or json.")
  var format: String?

  mutating func run() throws {
    let formats = ["text", "csv", "json"]
    var plan = try OutputPlan(output, format: format, standard: "text", formats: formats)
    let filesRead = CaptureSet.filesBehind(captures) + [labels] + policy.files
    if let log = resources.log { try RunLog.begin(log, inputs: filesRead) }
    try plan.protect(filesRead)
    var configuration = Analyzer.Configuration()
    try policy.apply(to: &configuration)
    limits.apply(to: &configuration)
    configuration.jobs = resources.jobs
    let evaluation = Evaluator(configuration).evaluate(
      try Evaluator.labels(path: labels), places: captures)
    try plan.write { format, style, sink in
      switch format {
      case "csv": EvaluationReport.writeCSV(evaluation, to: sink)
      case "json": EvaluationReport.writeJSON(evaluation, to: sink)
      default: EvaluationReport.writeText(evaluation, style: style, to: sink)
      }
    }
    if evaluation.judged.isEmpty { throw ExitCode(Status.noData) }
  }
}
