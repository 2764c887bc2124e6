// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct JPEGImagesTests {
  /// Start, JFIF segment and frame header as `ffmpeg -c:v mjpeg` writes them for 642x362.
  static let image =
    bytes("ffd8 ffe000104a46494600010200000100010000 fffe0004aabb")
    + bytes("ffc00011 08 016a 0282 03 012200 021100 031100 ffda000c03")

  private func unit(_ payload: [UInt8], _ second: Double = 0) -> SampleUnit {
    SampleUnit(framing: .jpegImage, payload: payload, seconds: second)
  }

  @Test func seriesIsVideo() throws {
    let proof = try #require(inspect((0..<5).map { unit(Self.image, Double($0)) }))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .mjpeg)
    #expect(proof.width == 642)
    #expect(proof.height == 362)
    #expect(proof.accessUnits == 5)
    #expect(proof.keyFrameIntervalSeconds == 1)
  }

  @Test func oneImageIsNoVideo() throws {
    let proof = try #require(inspect([unit(Self.image)]))
    #expect(!proof.isBitstreamProved)
    #expect(proof.width == 642)
    #expect(proof.kind == .unknown)
  }

  @Test func cutImagesHaveNoSize() {
    for length in 0..<35 {
      let cut = Array(Self.image[..<length])
      #expect(JPEGImages.size(cut.span)?.width == nil)
    }
  }
}
