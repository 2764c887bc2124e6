// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Help, manual and completions.
struct HelpTests {
  static let commands: [[String]] = [
    ["analyze"], ["info"], ["flows"], ["devices"], ["timeline"], ["carve"], ["diff"], ["geoip"],
    ["geoip", "lookup"], ["geoip", "check"], ["explain"], ["explain", "finding"],
    ["explain", "thresholds"], ["evaluate"],
  ]

  @Test(arguments: commands)
  func everyHelpHasExamples(command: [String]) throws {
    let run = try Tool.run(command + ["--help"])
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let begin = try #require(lines.firstIndex(of: "Examples:"))
    let examples = lines[begin...].filter { $0.hasPrefix("lenstrace ") }
    #expect(!examples.isEmpty)
    #expect(examples.contains { $0.hasPrefix("lenstrace \(command[0]) ") })
  }

  /// The help breaks lines at 80 columns: an example that is longer cannot be copied.
  @Test(arguments: commands)
  func noExampleIsBroken(command: [String]) throws {
    let lines = try Tool.run(command + ["--help"]).output.split(
      separator: "\n", omittingEmptySubsequences: false)
    let begin = try #require(lines.firstIndex(of: "Examples:"))
    for line in lines[(begin + 1)...].prefix(while: { !$0.isEmpty }) {
      #expect(line.hasPrefix("  "), "\(line) is the rest of the line above")
    }
  }

  /// Every subcommand is in the list above.
  @Test func theListIsWhole() throws {
    let help = try Tool.run(["--help"]).output
    let parts = help.components(separatedBy: "SUBCOMMANDS:")
    let names = try #require(parts.last).split(separator: "\n").compactMap { line -> String? in
      // The last line says how to read the help of one of them.
      guard line.hasPrefix("  "), !line.hasPrefix("   "), !line.hasPrefix("  See ") else {
        return nil
      }
      return line.split(separator: " ").first.map(String.init)
    }
    #expect(Set(names) == Set(Self.commands.map { $0[0] }))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsNameTheCommandsAndOptions(shell: String) throws {
    let run = try Tool.run(["--generate-completion-script", shell])
    #expect(run.status == 0)
    for word in ["timeline", "carve", "geoip", "time-zone"] {
      #expect(run.output.contains(word), "\(word)")
    }
  }
}
