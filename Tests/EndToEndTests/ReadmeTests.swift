// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What the README shows is what the tool prints.
///
/// Every block that begins with `$ lenstrace` is run in the project's folder. A line in brackets
/// that begins with dots stands for lines that are left out.
struct ReadmeTests {
  struct Example: CustomStringConvertible, Sendable {
    var arguments: [String]
    /// Runs of lines that must follow each other; the first begins the output.
    var parts: [[String]]

    var description: String { arguments.joined(separator: " ") }
  }

  static let examples: [Example] = {
    let file = Tool.project.appending(path: "README.md")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.components(separatedBy: "```").compactMap { block in
      var lines = block.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      guard lines.count > 2, lines[1].hasPrefix("$ lenstrace ") else { return nil }
      let arguments = lines[1].split(separator: " ").dropFirst(2).map(String.init)
      lines.removeFirst(2)
      while lines.last?.isEmpty == true { lines.removeLast() }
      let parts = lines.split { $0.trimmingCharacters(in: .whitespaces).hasPrefix("[...") }
      return Example(arguments: arguments, parts: parts.map { Self.trimmed($0) })
    }
  }()

  @Test func thereAreExamples() {
    #expect(Self.examples.count >= 3)
    #expect(Self.examples.filter { $0.arguments.first == "timeline" }.count >= 2)
  }

  @Test(arguments: examples)
  func isPrintedAsShown(example: Example) throws {
    let run = try Tool.run(example.arguments, in: Tool.project)
    #expect(run.status == 0)
    let printed = run.output.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    var start = 0
    for (index, part) in example.parts.enumerated() {
      let places = printed.indices.dropFirst(start).filter { place in
        place + part.count <= printed.count
          && Array(printed[place..<place + part.count]) == part
      }
      guard let place = places.first, index > 0 || place == 0 else {
        Issue.record("\(example): not printed as shown:\n\(part.joined(separator: "\n"))")
        return
      }
      start = place + part.count
    }
  }

  /// Lines without empty ones at their ends.
  private static func trimmed(_ lines: ArraySlice<String>) -> [String] {
    var lines = lines
    while lines.first?.isEmpty == true { lines.removeFirst() }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return Array(lines)
  }
}
