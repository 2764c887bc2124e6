// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MediaInspection

@Suite struct AV1Tests {
  /// Sequence header OBU (without its size field) of
  /// `ffmpeg -f lavfi -i testsrc2=size=642x362 -c:v libaom-av1`.
  static let sequence = bytes("080000000cc5036936be4010")

  static func units(pictures: Int) -> [SampleUnit] {
    var units: [SampleUnit] = []
    var random = SeededGenerator(seed: 1)
    for picture in 0..<pictures {
      let isKey = picture % 20 == 0
      var first: [UInt8] = [isKey ? 0x68 : 0x50]
      if isKey { first += [UInt8(sequence.count)] + sequence }
      first += [0x30] + random.bytes(700)
      for payload in [first, [0x90] + random.bytes(400)] {
        units.append(
          SampleUnit(
            payload: payload, timestamp: UInt32(picture) * 3600, seconds: Double(picture) / 25))
      }
    }
    return units
  }

  @Test func streamIsProved() throws {
    let proof = try #require(inspect(Self.units(pictures: 50)))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .av1)
    #expect(proof.width == 642)
    #expect(proof.height == 362)
    #expect(proof.profile == "Main")
    #expect(proof.keyFrames == 3)
  }

  @Test func elementsMustFit() {
    for payload: [UInt8] in [
      [0x00, 0xFF], [0x00, 5, 0x30], [0x20, 0x85], [0x88, 1], [0x11, 0x30],
    ] {
      var track = MediaTrack(codec: .av1)
      #expect(!AV1.reads(payload, &track))
    }
  }

  @Test func configurationRecord() {
    var track = MediaTrack(codec: .av1)
    #expect(
      AV1.configure([0x81, 0x04, 0x0C, 0, 0x0A, 0x0B] + Self.sequence.dropFirst(), &track) == 4)
    #expect(track.facts.width == 642)
  }
}
