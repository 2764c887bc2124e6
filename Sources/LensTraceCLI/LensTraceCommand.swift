// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// The command-line tool.
@main
struct LensTraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lenstrace",
    abstract: "Finds cameras that send video out of a network, from packet captures, offline.",
    discussion: """
      Without the name of a subcommand, INPUT... is analysed. Examples:

        lenstrace capture.pcapng --geoip ip2asn-combined.tsv --home IT
        lenstrace evidence/ --recursive --home IT --output json:case.json

      Exit status: 0 done, 1 findings at or above --fail-on, 64 usage,
      65 no usable data, 66 cannot open, 73 cannot write, 130 interrupted.
      """,
    version: ToolIdentity.currentVersion,
    subcommands: [
      AnalyzeCommand.self, InfoCommand.self, FlowsCommand.self, DevicesCommand.self,
      TimelineCommand.self, CarveCommand.self, DiffCommand.self, GeoIPCommand.self,
      ExplainCommand.self, EvaluateCommand.self,
    ],
    defaultSubcommand: AnalyzeCommand.self)

  /// A command as it is typed, such as `lenstrace geoip lookup`; `nil` for one that is not below
  /// this.
  static func fullName(of command: any ParsableCommand.Type) -> String? {
    func path(
      _ type: any ParsableCommand.Type, _ above: [String]
    ) -> [String]? {
      let names = above + [type._commandName]
      if type == command { return names }
      for below in type.configuration.subcommands {
        if let found = path(below, names) { return found }
      }
      return nil
    }
    return path(Self.self, [])?.joined(separator: " ")
  }

  static func main() {
    // A reader that goes away must be a message and a status, not a silent death by signal.
    Terminal.ignoreBrokenPipes()
    var command: any ParsableCommand
    do {
      command = try parseAsRoot()
    } catch {
      Failure.exit(error, from: Self.self)
    }
    do {
      try command.run()
      RunLog.end(status: 0)
    } catch {
      RunLog.end(status: Failure.status(of: error))
      Failure.exit(error, from: type(of: command))
    }
  }
}
