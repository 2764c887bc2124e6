// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// One header, one file, one line in its table, one test file.
struct ExtensionTablesTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let sources = root.appending(path: "Sources/PacketDecoding")
  private static let tests = root.appending(path: "Tests/PacketDecodingTests")

  private static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: sources.appending(path: folder).path(percentEncoded: false)
    ).filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }.sorted()
  }

  @Test(arguments: [
    ("Link", "LinkLayers.swift", "layer"), ("Tunnels", "Tunnels.swift", "tunnel"),
  ])
  func everyFileIsInItsTable(folder: String, table: String, member: String) throws {
    let text = try String(contentsOf: Self.sources.appending(path: table), encoding: .utf8)
    let names = try Self.names(in: folder)
    #expect(names.count > 10)
    for name in names {
      #expect(text.contains("\n    \(name).\(member),\n"), "\(name) is not in \(table)")
    }
  }

  @Test(arguments: ["Link", "Tunnels"])
  func everyFileHasARowInTheReadme(folder: String) throws {
    let text = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    for name in try Self.names(in: folder) {
      #expect(text.contains("`\(name)Tests`"), "\(name) has no row in README.md")
    }
  }

  @Test(arguments: ["Link", "Network", "Transport", "Tunnels"])
  func everyFileHasATestAndAWireDiagram(folder: String) throws {
    for name in try Self.names(in: folder) {
      let test = Self.tests.appending(path: "\(folder)/\(name)Tests.swift")
      #expect(
        FileManager.default.fileExists(atPath: test.path(percentEncoded: false)),
        "\(folder)/\(name) has no test")
      let source = Self.sources.appending(path: "\(folder)/\(name).swift")
      let text = try String(contentsOf: source, encoding: .utf8)
      #expect(text.contains("https://"), "\(name) names no source")
      #expect(text.contains("///     +-") || name == "Fragment", "\(name) has no diagram")
    }
  }
}
