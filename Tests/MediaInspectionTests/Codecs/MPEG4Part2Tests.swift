// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MediaInspection

@Suite struct MPEG4Part2Tests {
  /// Headers of `ffmpeg -f lavfi -i testsrc2=size=352x288:rate=25 -c:v mpeg4` (ffmpeg 5.1).
  static let headers = bytes(
    "000001b001000001b58913000001000000012000c48d8800cd0b04241443000001b24c61766335392e33372e3130"
      + "30000001b3001007")

  static func units(pictures: Int, withHeaders: Bool = true) -> [SampleUnit] {
    var units: [SampleUnit] = []
    var random = SeededGenerator(seed: 4)
    for picture in 0..<pictures {
      let isKey = picture % 12 == 0
      var first = isKey && withHeaders ? headers : []
      first += [0, 0, 1, 0xB6, isKey ? 0x10 : 0x50] + random.bytes(900).map { $0 | 1 }
      for payload in [first, random.bytes(800).map { $0 | 1 }] {
        units.append(
          SampleUnit(
            payload: payload, timestamp: UInt32(picture) * 3600, seconds: Double(picture) / 25))
      }
    }
    return units
  }

  @Test func streamIsProved() throws {
    let proof = try #require(inspect(Self.units(pictures: 40)))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .mpeg4)
    #expect(proof.width == 352)
    #expect(proof.height == 288)
    #expect(proof.profile == "Simple")
    #expect(proof.level == "1")
    #expect(proof.keyFrames == 4)
    #expect(proof.accessUnits == 40)
  }

  @Test func streamWithoutHeadersIsProvedByItsPictures() throws {
    let proof = try #require(inspect(Self.units(pictures: 60, withHeaders: false)))
    #expect(proof.isBitstreamProved)
    #expect(proof.width == nil)
  }

  @Test func picturesWithoutStartCodesAreNoProof() {
    var units = Self.units(pictures: 60, withHeaders: false)
    for index in units.indices where index % 4 == 0 { units[index].payload[2] = 2 }
    #expect(inspect(units)?.isBitstreamProved == false)
  }
}
