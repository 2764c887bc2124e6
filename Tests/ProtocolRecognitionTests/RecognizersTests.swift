// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ProtocolRecognition

struct RecognizersTests {
  /// One protocol, one file, one line in the table.
  @Test func everyFileIsInTheTable() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/ProtocolRecognition/Recognizers").standardizedFileURL
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }
      .map { String($0.dropLast(6)) }
    let table = Recognizers.all.map { String(describing: $0).replacing("Recognizer", with: "") }
    #expect(files.sorted() == table.sorted())
    #expect(table.count <= 64)
  }

  /// One protocol, one test file with bytes written from its specification.
  @Test func everyRecognizerHasATestFile() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Recognizers")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let expected = Recognizers.all.map {
      String(describing: $0).replacing("Recognizer", with: "") + "Tests.swift"
    }
    #expect(files.sorted() == expected.sorted())
  }
}
