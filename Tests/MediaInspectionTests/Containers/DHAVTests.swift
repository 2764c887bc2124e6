// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct DHAVTests {
  /// A frame with the extension tags 81 (codec, rate) and 82 (size).
  static func frame(type: UInt8, number: UInt8, data: [UInt8]) -> [UInt8] {
    let fields: [UInt8] = [0x81, 0, 8, 25, 0x82, 0, 0, 0, 0x80, 0x07, 0x38, 0x04]
    let length = 24 + fields.count + data.count + 8
    let size = [UInt8(length & 0xFF), UInt8(length >> 8 & 0xFF), 0, 0]
    let header: [UInt8] =
      Array("DHAV".utf8) + [type, 0, 0, 0, number, 0, 0, 0] + size
      + [0, 0, 0, 0, 0, 0, UInt8(fields.count), 0]
    return header + fields + data + Array("dhav".utf8) + size
  }

  static func stream(_ pictures: Int) -> [UInt8] {
    Array(
      (0..<pictures).map { picture in
        let isKey = picture % 10 == 0
        return frame(
          type: isKey ? 0xFD : 0xFC, number: UInt8(picture),
          data: MediaSamples.h264AccessUnit(isKey: isKey, size: 500, seed: UInt64(picture)))
      }.joined())
  }

  @Test(arguments: [1, 100, 1460]) func framesAreProved(size: Int) throws {
    let proof = try #require(
      inspect(MediaSamples.pieces(of: Self.stream(30), size: size, framing: .dhav)))
    #expect(proof.isBitstreamProved)
    #expect(proof.container == .dhav)
    #expect(proof.codecFromBitstream == .h264)
    #expect(proof.width == 1920)
    #expect(proof.keyFrames == 3)
    #expect(proof.accessUnits == 30)
    #expect(proof.unitsTested == 30)
    #expect(proof.unitsPassed == 30)
  }

  @Test func soundFramesAreNoVideo() throws {
    let stream = Array(
      (0..<30).map { Self.frame(type: 0xF0, number: UInt8($0), data: [1, 2, 3, 4]) }.joined())
    let proof = try #require(inspect(MediaSamples.pieces(of: stream, size: 50, framing: .dhav)))
    #expect(!proof.isBitstreamProved)
  }

  @Test func framesAreFoundAgainAfterLoss() throws {
    var units = MediaSamples.pieces(of: Self.stream(60), size: 300, framing: .dhav)
    units.remove(at: 20)
    units[20].followsGap = true
    #expect(inspect(units)?.isBitstreamProved == true)
  }
}
