// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzTargets
import Testing

/// The sample captures, cut and changed, through the whole analysis and every writer.
///
/// `LENSTRACE_THOROUGH=1` cuts them at each of their first 64 Ki bytes and takes an hour; otherwise
/// places are drawn with a fixed seed. The stages below are cut at each byte by their own tests:
/// `DamageTests`, `DamagedPacketTests`, `ProtocolSamplesTests`, `HostileInputTests`.
@Suite struct DamagedCapturesTests {
  private static let isThorough = ProcessInfo.processInfo.environment["LENSTRACE_THOROUGH"] == "1"
  private static let rounds = 40
  private static let byteLimit = 64 << 10

  static let names: [String] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Samples")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }.sorted()
  }()

  private static func sample(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Samples")
    return [UInt8](try Data(contentsOf: folder.appending(path: name)).prefix(byteLimit))
  }

  @Test func thereAreSamples() { #expect(Self.names.count >= 4) }

  @Test(arguments: names) func cut(name: String) throws {
    let target = try #require(FuzzTargets.named("pipeline"))
    let whole = try Self.sample(name)
    var random = FuzzRandom(state: 17)
    let lengths =
      Self.isThorough
      ? Array(0..<whole.count)
      : (0..<Self.rounds).map { round in
        // Headers of the file and of the first records, then anywhere.
        Int(random.next() % UInt64(round % 2 == 0 ? min(whole.count, 300) : whole.count))
      }
    for length in lengths { target.run(Array(whole[..<length])) }
  }

  @Test(arguments: names) func changed(name: String) throws {
    let target = try #require(FuzzTargets.named("pipeline"))
    let whole = try Self.sample(name)
    var random = FuzzRandom(state: 18)
    for round in 0..<(Self.isThorough ? 20_000 : Self.rounds) {
      var bytes = whole
      for _ in 0..<(1 + round % 5) {
        let place = Int(
          random.next() % UInt64(round % 2 == 0 ? min(bytes.count, 4_000) : bytes.count))
        switch round % 4 {
        case 0: bytes[place] ^= 1 << UInt8(random.next() % 8)
        case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        default:
          // A length of 0, 1 or the largest, in two or four bytes.
          let value: UInt8 = [0, 1, 0xFF][Int(random.next() % 3)]
          let width = random.next() % 2 == 0 ? 2 : 4
          for offset in 0..<width where place + offset < bytes.count {
            bytes[place + offset] = value == 1 && offset > 0 ? 0 : value
          }
        }
      }
      target.run(bytes)
    }
  }
}
