// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// What is read.
struct InputOptions: ParsableArguments {
  @Argument(help: "Capture files or folders; - is standard input.")
  var inputs: [String] = []

  @Flag(help: "Search folders inside folders too.")
  var recursive = false

  @Option(help: ArgumentHelp("Read more inputs from a list, one a line.", valueName: "list"))
  var filesFrom: String?

  mutating func validate() throws {
    guard inputs.isEmpty, filesFrom == nil else { return }
    throw ValidationError(
      "no INPUT was given; name a capture file, a folder, or - for standard input")
  }

  /// The files that name inputs.
  var lists: [String] { filesFrom.map { [$0] } ?? [] }

  /// The paths named by the user.
  func paths() throws -> [String] {
    guard let filesFrom else { return inputs }
    return inputs + (try CaptureSet.paths(listedIn: filesFrom))
  }

  /// The captures behind the paths; notices go to standard error unless `isQuiet`.
  func captures(isQuiet: Bool) throws -> CaptureSet {
    let captures = try CaptureSet(try paths(), recursive: recursive)
    if !isQuiet {
      for notice in captures.notices { Terminal.note(notice) }
    }
    return captures
  }
}
