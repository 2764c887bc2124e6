// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import MediaInspection

/// Every file of Codecs/ and Containers/ is in its table and has a test file.
@Suite struct TablesTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func names(_ folder: String, _ suffix: String) throws -> Set<String> {
    let path = Self.root.appending(path: folder).path
    let files = try FileManager.default.contentsOfDirectory(atPath: path)
    return Set(
      files.filter { $0.hasSuffix(suffix) }.compactMap {
        $0.dropLast(suffix.count).split(separator: "+").first.map(String.init)
      })
  }

  @Test func codecs() throws {
    let table = Set(Codecs.table.map { String(describing: $0) })
    #expect(try names("Sources/MediaInspection/Codecs", ".swift") == table)
    #expect(try names("Tests/MediaInspectionTests/Codecs", "Tests.swift") == table)
    #expect(Set(Codecs.table.map { $0.codec }).count == Codecs.table.count)
  }

  @Test func containers() throws {
    let table = Set(Containers.table.map { String(describing: $0) })
    #expect(try names("Sources/MediaInspection/Containers", ".swift") == table)
    #expect(try names("Tests/MediaInspectionTests/Containers", "Tests.swift") == table)
    #expect(Set(Containers.table.map { $0.container }) == Set(Container.allCases))
  }
}
