// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// From when to when packets count.
struct TimeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("First time, RFC 3339 or seconds since 1970.", valueName: "time"))
  var from: String?

  @Option(
    help: ArgumentHelp("First time no longer taken, written as --from.", valueName: "time"))
  var to: String?

  /// The times; `nil` without any.
  func range() throws -> TimeRange? {
    guard from != nil || to != nil else { return nil }
    let range = TimeRange(from: try Self.time(from, "--from"), to: try Self.time(to, "--to"))
    if let from = range.from, let to = range.to, from >= to {
      throw ValidationError("--from must be earlier than --to")
    }
    return range
  }

  private static func time(_ text: String?, _ option: String) throws -> Int64? {
    guard let text else { return nil }
    guard let time = CaptureTime.parse(text) else {
      throw ValidationError(
        "\(option): \"\(text)\" is no time such as 2026-11-21T12:30:00Z, "
          + "2026-11-21T12:30:00.5+01:00 or 1795264200.5")
    }
    return time
  }
}

/// Which packets are analysed.
struct PacketOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Expression in the language of tcpdump.", valueName: "bpf"))
  var filter: String?

  @OptionGroup
  var times: TimeOptions

  /// Puts the options into a configuration.
  func apply(to configuration: inout Analyzer.Configuration) throws {
    configuration.filter = filter
    configuration.timeRange = try times.range()
  }
}
