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

  @OptionGroup(title: "Memory")
  var limits: LimitOptions

  @OptionGroup(title: "Case")
  var notes: CaseOptions

  @OptionGroup(title: "Run")
  var run: RunOptions

  /// What is to be analysed, or was.
  func captures() throws -> AnalysisSource {
    let source = Result { try self.source() }
    if let log = run.log {
      // What cannot be read is logged too, so the log begins before the error is thrown.
      let paths = (try? source.get().paths) ?? CaptureSet.filesBehind((try? input.paths()) ?? [])
      try RunLog.begin(log, inputs: paths + filesBeside)
    }
    return try source.get()
  }

  /// Paths of all that a run reads, none of which may be written.
  func filesRead(_ source: AnalysisSource) -> [String] { source.paths + filesBeside }

  /// Files that are read beside the captures.
  private var filesBeside: [String] { policy.files + input.lists }

  private func source() throws -> AnalysisSource {
    let paths = try input.paths()
    let saved = paths.filter(SavedAnalysis.isNamed)
    guard let path = saved.first else {
      return .captures(try input.captures(isQuiet: run.quiet))
    }
    guard paths.count == 1 else {
      throw ValidationError(
        "a saved analysis (.lenstrace) is an input alone; \(paths.count) inputs were given")
    }
    guard packets.filter == nil, packets.times.from == nil, packets.times.to == nil else {
      throw ValidationError(
        "--filter, --from and --to choose packets, which a saved analysis no longer has")
    }
    return .saved(path)
  }

  /// Analyses the captures, or reads what was saved; Control-C ends it early.
  func analysis(of source: AnalysisSource) throws -> Analysis {
    switch source {
    case .captures(let captures):
      var analysis = try analysis(of: captures)
      analysis.caseNotes = notes.caseNotes
      RunLog.add(analysis)
      return analysis
    case .saved(let path):
      var analysis = try SavedAnalysis.read(path)
      notes.apply(to: &analysis.caseNotes)
      if let zone = try policy.zone() { analysis.timeZone = zone }
      for error in analysis.unreadableInputs { Terminal.error(error.description) }
      return analysis
    }
  }

  private func analysis(of captures: CaptureSet) throws -> Analysis {
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
    limits.apply(to: &configuration)
    configuration.jobs = run.jobs
    configuration.computesHashes = !run.noHash
    return configuration
  }

  /// The captures, for commands that read packets.
  func packetCaptures() throws -> CaptureSet {
    guard case .captures(let captures) = try captures() else {
      throw ValidationError("packets are not in a saved analysis; name the capture files")
    }
    return captures
  }

  /// Ends the process with the status that the analysis deserves beside its findings.
  static func exit(_ analysis: Analysis) throws {
    if !analysis.isComplete { throw ExitCode(Status.interrupted) }
    if let first = analysis.unreadableInputs.first {
      throw ExitCode(Failure.status(of: first))
    }
  }
}

/// What a command works on.
enum AnalysisSource {
  /// Captures that are to be read.
  case captures(CaptureSet)
  /// The path of a saved analysis.
  case saved(String)

  /// Paths that must not be written.
  var paths: [String] {
    switch self {
    case .captures(let captures): captures.paths
    case .saved(let path): [path]
    }
  }
}
