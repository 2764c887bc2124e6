// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct UncompressedVideoTests {
  /// Pictures of 4:2:2 with 10 bits (ST 2110-20), 5 bytes for two pixels, in parts of 1,200 bytes
  /// that do not end with lines.
  static func stream(pictures: Int, width: Int = 640, height: Int = 90) -> [SampleUnit] {
    var units: [SampleUnit] = []
    var random = SeededGenerator(seed: 4175)
    var sequence = 0
    for picture in 0..<pictures {
      var line = 0
      var pixel = 0
      while line < height {
        var heads: [(length: Int, line: Int, pixel: Int)] = []
        var room = 1_200
        while room >= 5, line < height, heads.count < 3 {
          let pixels = min(width - pixel, room / 5 * 2)
          heads.append((pixels / 2 * 5, line, pixel))
          room -= pixels / 2 * 5
          pixel += pixels
          if pixel == width {
            pixel = 0
            line += 1
          }
        }
        var payload: [UInt8] = [0, UInt8(sequence >> 16 & 0xFF)]
        for (index, head) in heads.enumerated() {
          let isLast = index == heads.count - 1
          payload += [UInt8(head.length >> 8), UInt8(head.length & 0xFF)]
          payload += [UInt8(head.line >> 8), UInt8(head.line & 0xFF)]
          payload += [UInt8(head.pixel >> 8) | (isLast ? 0 : 0x80), UInt8(head.pixel & 0xFF)]
        }
        payload += random.bytes(heads.reduce(0) { $0 + $1.length })
        units.append(
          SampleUnit(
            payload: payload, timestamp: UInt32(picture) * 3_600, isMarked: line == height,
            seconds: Double(picture) / 25))
        sequence += 1
      }
    }
    return units
  }

  @Test func linesThatGoOnAreProved() throws {
    let proof = try #require(inspect(Self.stream(pictures: 20)))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .raw)
    #expect(proof.width == 640)
    #expect(proof.height == 90)
    #expect(proof.measuredFramesPerSecond == 25)
    #expect(proof.unitsPassed == proof.unitsTested)
  }

  @Test func lossIsNoContradiction() throws {
    var units = Self.stream(pictures: 20)
    for index in stride(from: units.count - 3, to: 3, by: -50) {
      units.remove(at: index)
      units[index].followsGap = true
    }
    #expect(try #require(inspect(units)).codecFromBitstream == .raw)
  }

  /// Lengths that add up are not enough: lines must go on.
  @Test func linesInAnyOrderAreNoPicture() throws {
    var units = Self.stream(pictures: 20)
    var random = SeededGenerator(seed: 1)
    units.shuffle(using: &random)
    #expect(inspect(units)?.codecFromBitstream != .raw)
  }

  @Test(arguments: 1...40) func randomPayloadsAreNoPicture(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let units = (0..<300).map {
      SampleUnit(payload: random.bytes(1_200), timestamp: UInt32($0 / 8) * 3_600)
    }
    #expect(inspect(units)?.codecFromBitstream != .raw)
  }
}
