// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzTargets
import TestSupport
import Testing

/// Inputs that once crashed, hung or broke a rule, fed to their targets again.
@Suite struct RegressionTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Regressions")

  private static func inputs(of target: FuzzTarget) -> [URL] {
    let path = folder.appending(path: target.name)
    let files = try? FileManager.default.contentsOfDirectory(
      at: path, includingPropertiesForKeys: nil)
    return (files ?? []).sorted { $0.path < $1.path }
  }

  @Test(arguments: FuzzTargets.all) func oldFindingsStayFixed(target: FuzzTarget) throws {
    for file in Self.inputs(of: target) {
      target.run([UInt8](try Data(contentsOf: file)))
    }
  }

  @Test func everyFolderIsATarget() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    let targets = Set(FuzzTargets.all.map(\.name))
    #expect(names.filter { $0 != "README.md" && !targets.contains($0) }.isEmpty)
  }
}

/// The targets without a fuzzer: nothing, little, and random bytes with a fixed seed.
@Suite struct FuzzTargetTests {
  @Test(arguments: FuzzTargets.all) func survivesRandomBytes(target: FuzzTarget) {
    var random = FuzzRandom(state: 11)
    target.run([])
    for round in 0..<60 {
      let count = Int(random.next() % (round % 10 == 0 ? 3_000 : 60))
      target.run((0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }
  }

  @Test func namesAreDistinct() {
    #expect(Set(FuzzTargets.all.map(\.name)).count == FuzzTargets.all.count)
    #expect(FuzzTargets.named("pcap")?.name == "pcap")
    #expect(FuzzTargets.named("nonsense") == nil)
  }
}

/// SplitMix64.
struct FuzzRandom {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
