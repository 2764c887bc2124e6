// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MediaInspection

@Suite struct VP9Tests {
  /// First bytes of the key frame of `ffmpeg -f lavfi -i testsrc2=size=322x242 -c:v libvpx-vp9`.
  static let keyFrame = bytes("824983420014100f160438241c184a000b607fd9")

  static func units(pictures: Int) -> [SampleUnit] {
    var units: [SampleUnit] = []
    var random = SeededGenerator(seed: 9)
    for picture in 0..<pictures {
      let isKey = picture % 20 == 0
      let flags: UInt8 = isKey ? 0x80 : 0xC0
      let identifier = [0x80 | UInt8(picture >> 8), UInt8(picture & 0xFF)]
      let head = isKey ? keyFrame : [0x86, 0, 0x40]
      let parts = [
        [flags | 0x08] + identifier + head + random.bytes(700),
        [flags] + identifier + random.bytes(500),
        [flags | 0x04] + identifier + random.bytes(200),
      ]
      for payload in parts {
        units.append(
          SampleUnit(
            payload: payload, timestamp: UInt32(picture) * 4500, seconds: Double(picture) / 20))
      }
    }
    return units
  }

  @Test func streamIsProved() throws {
    let proof = try #require(inspect(Self.units(pictures: 50)))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .vp9)
    #expect(proof.width == 322)
    #expect(proof.height == 242)
    #expect(proof.profile == "Profile 0")
    #expect(proof.keyFrames == 3)
  }

  @Test func wrongSyncCodeIsNoProof() {
    var units = Self.units(pictures: 50)
    for index in units.indices where index % 60 == 0 { units[index].payload[5] ^= 1 }
    #expect(inspect(units)?.isBitstreamProved == false)
  }
}
