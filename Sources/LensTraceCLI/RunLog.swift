// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace
internal import Synchronization

/// What results must not tell (`--log FILE`): when, where, by which command line.
///
/// Lines are added to the end of the file, so that one log can tell of a whole case.
enum RunLog {
  private struct State: Sendable {
    var descriptor: Int32
    var path: String
    var began: UInt64
    /// Whether a line could not be written, which is said once.
    var hasFailed = false
  }

  private static let state = Mutex<State?>(nil)

  /// Begins a run; `inputs` must not be the log.
  static func begin(_ path: String, inputs: [String]) throws {
    if let identity = OutputSystem.identity(of: path) {
      for input in inputs where OutputSystem.identity(ofInput: input) == identity {
        throw ReportError(
          .isInput, file: path, reason: "is one of the inputs, which are never written",
          advice: "choose another name for --log")
      }
    }
    let (descriptor, error) = OutputSystem.openToAppend(path)
    guard descriptor >= 0 else {
      throw ReportError(
        .cannotWrite, file: path, reason: "cannot open: \(OutputSystem.errorText(error))",
        advice: "check the folder and the permission to write")
    }
    state.withLock {
      $0 = State(
        descriptor: descriptor, path: path, began: OutputSystem.monotonicNanoseconds())
    }
    add("begin \(ToolIdentity().name) \(ToolIdentity.currentVersion)")
    add("host \(OutputSystem.hostName())")
    add("folder \(OutputSystem.workingFolder())")
    add("command \(CommandLine.arguments.joined(separator: " "))")
  }

  /// Refuses a result at the place of the log, which would replace it.
  static func protect(from path: String, option: String) throws {
    guard let log = state.withLock({ $0?.path }) else { return }
    let isSame =
      ReportFile.place(of: path) == ReportFile.place(of: log)
      || OutputSystem.identity(of: path).map { $0 == OutputSystem.identity(of: log) } ?? false
    guard isSame else { return }
    throw ValidationError("\(option): \"\(path)\" is named twice, it is the place of --log too")
  }

  /// Adds what an analysis read, with hashes.
  static func add(_ analysis: Analysis) {
    for facts in analysis.inputs {
      add("input \(facts.path) \(facts.bytes) bytes sha256 \(facts.sha256 ?? "not computed")")
    }
    for error in analysis.unreadableInputs { add("not read \(error.description)") }
    if !analysis.isComplete { add("interrupted") }
  }

  /// Adds a line.
  static func add(_ text: String) {
    guard let state = state.withLock({ $0 }) else { return }
    let sink = ReportSink(descriptor: state.descriptor, name: state.path)
    let time = Timestamp(nanoseconds: OutputSystem.wallClockNanoseconds()).rfc3339
    sink.write("\(time) \(HarmlessText.terminal(text))\n")
    do {
      try sink.finish()
    } catch {
      // A log that cannot be written must not stop the work; the results do not depend on it.
      guard !state.hasFailed else { return }
      self.state.withLock { $0?.hasFailed = true }
      Terminal.error("--log \(error)")
    }
  }

  /// Ends the run.
  static func end(status: Int32) {
    guard let began = state.withLock({ $0?.began }) else { return }
    let milliseconds = (OutputSystem.monotonicNanoseconds() &- began) / 1_000_000
    add("end status \(status) after \(milliseconds) ms")
  }
}
