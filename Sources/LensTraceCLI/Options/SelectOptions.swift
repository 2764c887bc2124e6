// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// What is printed of what was found.
struct SelectOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Print only what fits all of: device=, destination=, country=, asn=, verdict>=, severity>=, flow=.",
      valueName: "terms"))
  var select: String?

  /// The selection.
  func selection() throws -> Selection {
    guard let select else { return Selection() }
    guard let selection = Selection(select) else {
      throw ValidationError(
        "--select: \"\(select)\" is not understood; write such as country=RU,verdict>=likely")
    }
    return selection
  }
}
