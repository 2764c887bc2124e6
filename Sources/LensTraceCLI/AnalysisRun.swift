// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// The options shared by all commands that analyse, and the one call of the library.
struct AnalysisOptions: ParsableArguments {
  @OptionGroup(title: "Input")
  var input: InputOptions

  @OptionGroup(title: "Packets")
  var packets: PacketOptions

  @OptionGroup(title: "Policy")
  var policy: PolicyOptions

  @OptionGroup(title: "Flows")
  var flows: FlowOptions

  @OptionGroup(title: "Run")
  var run: RunOptions

  /// The captures to analyse.
  func captures() throws -> CaptureSet { try input.captures(isQuiet: run.quiet) }

  /// Analyses the captures; Control-C ends it early.
  func analysis(of captures: CaptureSet) throws -> Analysis {
    let configuration = try configuration()
    let meter = run.progressMeter()
    let stop = StopSignal()
    Interruption.stopsRun(stop)
    let analysis = try Analyzer(configuration).analyze(captures, stop: stop) { meter?.show($0) }
    meter?.clear()
    for error in analysis.unreadableInputs { Terminal.error(error.description) }
    if !run.quiet { CoverageNotes.show(analysis.inputs) }
    return analysis
  }

  /// The options as the library takes them.
  func configuration() throws -> Analyzer.Configuration {
    var configuration = Analyzer.Configuration()
    try policy.apply(to: &configuration)
    try flows.apply(to: &configuration)
    try packets.apply(to: &configuration)
    configuration.jobs = run.jobs
    configuration.computesHashes = !run.noHash
    return configuration
  }

  /// Ends the process with the status that the analysis deserves beside its findings.
  static func exit(_ analysis: Analysis) throws {
    if !analysis.isComplete { throw ExitCode(Status.interrupted) }
    if let first = analysis.unreadableInputs.first {
      throw ExitCode(Failure.status(of: first))
    }
  }
}
