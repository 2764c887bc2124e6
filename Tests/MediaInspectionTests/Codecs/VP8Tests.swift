// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MediaInspection

@Suite struct VP8Tests {
  /// First bytes of the key frame of `ffmpeg -f lavfi -i testsrc2=size=322x242 -c:v libvpx`.
  static let keyFrame = bytes("1074009d012a4201f200000708858588")

  static func units(pictures: Int, keyInterval: Int = 20) -> [SampleUnit] {
    var units: [SampleUnit] = []
    var random = SeededGenerator(seed: 8)
    for picture in 0..<pictures {
      let isKey = picture % keyInterval == 0
      let identifier = [0x80 | UInt8(picture >> 8), UInt8(picture & 0xFF)]
      let head: [UInt8] = isKey ? keyFrame : [0x51, 0x02, 0x00]
      units.append(
        SampleUnit(
          payload: [0x90, 0x80] + identifier + head + random.bytes(500),
          timestamp: UInt32(picture) * 4500, seconds: Double(picture) / 20))
      units.append(
        SampleUnit(
          payload: [0x80, 0x80] + identifier + random.bytes(300),
          timestamp: UInt32(picture) * 4500, seconds: Double(picture) / 20))
    }
    return units
  }

  @Test func streamIsProved() throws {
    let proof = try #require(inspect(Self.units(pictures: 50)))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .vp8)
    #expect(proof.width == 322)
    #expect(proof.height == 242)
    #expect(proof.keyFrames == 3)
    #expect(proof.keyFrameIntervalSeconds == 1)
  }

  @Test func withoutKeyFrameThereIsNoProof() {
    let units = Array(Self.units(pictures: 80, keyInterval: 1000).dropFirst(2))
    #expect(inspect(units)?.isBitstreamProved == false)
  }
}
