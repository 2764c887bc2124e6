// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// How a run goes about its work; none of it changes a result.
struct RunOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads; 0 is one for each processor.", valueName: "n"))
  var jobs = 0

  @Flag(name: .customLong("no-hash"), help: "Leave out the SHA-256 of the inputs.")
  var noHash = false

  @Flag(name: .customLong("no-progress"), help: "Show no progress.")
  var noProgress = false

  @Flag(name: .shortAndLong, help: "Say nothing on standard error but errors.")
  var quiet = false

  @Option(
    help: ArgumentHelp("Add when, where and by which command to a log.", valueName: "file"))
  var log: String?

  mutating func validate() throws {
    guard (0...1_024).contains(jobs) else {
      throw ValidationError("--jobs must be 0 to 1024")
    }
  }

  /// Shows progress where a person is looking.
  func progressMeter() -> ProgressMeter? {
    noProgress || quiet ? nil : ProgressMeter.onTerminal()
  }
}
