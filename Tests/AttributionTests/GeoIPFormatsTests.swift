// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Attribution

@Suite struct GeoIPFormatsTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func files(_ folder: String, suffix: String) throws -> [String] {
    let url = Self.root.appending(path: folder)
    return try FileManager.default.contentsOfDirectory(atPath: url.path)
      .filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
  }

  @Test func everyFileIsInTheTableAndHasATest() throws {
    let layouts = try files("Sources/Attribution/Formats", suffix: ".swift")
    let tests = try files("Tests/AttributionTests/Formats", suffix: "Tests.swift")
    #expect(layouts == tests)
    let table = try String(
      contentsOf: Self.root.appending(path: "Sources/Attribution/GeoIPFormats.swift"),
      encoding: .utf8)
    for layout in layouts {
      let source = try String(
        contentsOf: Self.root.appending(path: "Sources/Attribution/Formats/\(layout).swift"),
        encoding: .utf8)
      let member = try #require(source.firstMatch(of: /static let (\w+) = GeoIPLayout\(/)).1
      #expect(table.contains("    .\(member),\n"), "\(layout) is not in GeoIPFormats.all")
    }
    #expect(GeoIPFormats.all.count == layouts.count)
    #expect(Set(GeoIPFormats.all.map(\.name)).count == layouts.count)
  }
}
