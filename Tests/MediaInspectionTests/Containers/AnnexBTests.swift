// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct AnnexBTests {
  @Test(arguments: [1, 5, 1000]) func h264(size: Int) throws {
    let stream = Array(
      (0..<50).map {
        MediaSamples.h264AccessUnit(isKey: $0 % 25 == 0, size: 300, seed: UInt64($0))
      }.joined())
    let proof = try #require(
      inspect(MediaSamples.pieces(of: stream, size: size, framing: .annexB)))
    #expect(proof.isBitstreamProved)
    #expect(proof.container == .annexb)
    #expect(proof.codec == .h264)
    #expect(proof.width == 1920)
    #expect(proof.keyFrames == 2)
    #expect(proof.accessUnits == 50)
  }

  @Test func h265IsToldFromH264() throws {
    var stream: [UInt8] = []
    for set in [MediaSamples.h265Video, MediaSamples.h265Sequence, MediaSamples.h265Picture] {
      stream += [0, 0, 0, 1] + set
    }
    for picture in 0..<20 { stream += [0, 0, 1, picture == 0 ? 0x26 : 0x02, 1, 0xAF, 7, 7] }
    let proof = try #require(
      inspect(MediaSamples.pieces(of: stream, size: 11, framing: .annexB)))
    #expect(proof.codec == .h265)
    #expect(proof.isBitstreamProved)
    #expect(proof.accessUnits == 20)
  }

  @Test func randomBytesShowNothing() {
    var random = SeededGenerator(seed: 21)
    let units = MediaSamples.pieces(of: random.bytes(500_000), size: 1400, framing: .annexB)
    #expect(inspect(units)?.isBitstreamProved == false)
  }
}
