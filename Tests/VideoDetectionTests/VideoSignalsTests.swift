// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import VideoDetection

/// One signal, one file, one line in the table, one test file.
struct VideoSignalsTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func everyFileIsInTheTableAndHasATest() throws {
    let folder = Self.root.appending(path: "Sources/VideoDetection/Signals")
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.path(percentEncoded: false)
    ).filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }
    #expect(Set(names) == Set(VideoSignals.all.map(\.file)))
    for name in names {
      let test = Self.root.appending(path: "Tests/VideoDetectionTests/Signals/\(name)Tests.swift")
      #expect(
        FileManager.default.fileExists(atPath: test.path(percentEncoded: false)),
        "\(name) has no test")
    }
  }

  @Test func everyThresholdHasItsOwnNameAndASource() {
    let names = RhythmThresholds.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(RhythmThresholds.all.allSatisfy { !$0.source.isEmpty && !$0.unit.isEmpty })
  }
}
