// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct XiongmaiTests {
  static func stream(_ pictures: Int) -> [UInt8] {
    var stream: [UInt8] = []
    for picture in 0..<pictures {
      let isKey = picture % 10 == 0
      let data = MediaSamples.h264AccessUnit(isKey: isKey, size: 400, seed: UInt64(picture))
      let length = [UInt8(data.count & 0xFF), UInt8(data.count >> 8), 0, 0]
      if isKey {
        stream += [0, 0, 1, 0xFC, 2, 12, 240, 135, 0, 0, 0, 0] + length + data
      } else {
        stream += [0, 0, 1, 0xFD] + length + data
      }
      if picture % 5 == 0 { stream += [0, 0, 1, 0xFA, 0x0E, 2, 4, 0, 9, 9, 9, 9] }
    }
    return stream
  }

  @Test(arguments: [1, 333, 8192]) func framesAreProved(size: Int) throws {
    // The beginning decides between the readers of this framing: the first unit holds it.
    let stream = Self.stream(30)
    var units = MediaSamples.pieces(of: Array(stream[16...]), size: size, framing: .programStream)
    units.insert(SampleUnit(framing: .programStream, payload: Array(stream[..<16])), at: 0)
    let proof = try #require(inspect(units))
    #expect(proof.container == .xiongmai)
    #expect(proof.isBitstreamProved)
    #expect(proof.codecFromBitstream == .h264)
    #expect(proof.audioCodec == .g711a)
    #expect(proof.width == 1920)
    #expect(proof.keyFrames == 3)
    #expect(proof.accessUnits == 30)
    #expect(proof.unitsPassed == 36)
  }
}
