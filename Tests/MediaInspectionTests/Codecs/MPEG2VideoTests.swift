// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct MPEG2VideoTests {
  /// Headers of `ffmpeg -f lavfi -i testsrc2=size=720x576:rate=25 -c:v mpeg2video` and of
  /// `size=352x240:rate=30000/1001 -c:v mpeg1video` (ffmpeg 5.1).
  static let mpeg2 = bytes("000001b32d024013ffffe018000001b5148a0001000000")
  static let mpeg1 = bytes("000001b31600f014ffffe018")

  static func units(_ headers: [UInt8], pictures: Int = 30) -> [SampleUnit] {
    var stream: [UInt8] = []
    for picture in 0..<pictures {
      if picture % 10 == 0 { stream += headers + bytes("000001b800080040") }
      stream += [0, 0, 1, 0, 0, picture % 10 == 0 ? 0x0F : 0x17, 0xFF, 0xF8]
      stream += [0, 0, 1, 1] + [UInt8](repeating: 0x5A, count: 50)
    }
    return MediaSamples.pieces(of: stream, size: 77, framing: .annexB)
  }

  @Test func mpeg2Headers() throws {
    let proof = try #require(inspect(Self.units(Self.mpeg2)))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .mpeg2video)
    #expect(proof.width == 720)
    #expect(proof.height == 576)
    #expect(proof.statedFramesPerSecond == 25)
    #expect(proof.profile == "Main")
    #expect(proof.level == "Main")
    #expect(proof.keyFrames == 3)
    #expect(proof.accessUnits == 30)
  }

  @Test func mpeg1Headers() throws {
    let proof = try #require(inspect(Self.units(Self.mpeg1)))
    #expect(proof.codec == .mpeg1video)
    #expect(proof.width == 352)
    #expect(proof.height == 240)
    let rate = try #require(proof.statedFramesPerSecond)
    #expect(abs(rate - 30000.0 / 1001) < 1e-9)
  }

  /// RFC 2250 §3.4: S and the picture type in the header of each packet.
  @Test func inRTP() throws {
    var units: [SampleUnit] = []
    for picture in 0..<40 {
      let isKey = picture % 10 == 0
      let type: UInt8 = isKey ? 1 : 2
      for part in 0..<3 {
        let isFirst = part == 0
        let data =
          isFirst
          ? (isKey ? Self.mpeg2 : []) + bytes("000001000017fff8") : [UInt8](repeating: 7, count: 99)
        units.append(
          SampleUnit(
            payload: [0, UInt8(picture & 0xFF), type | (isFirst && isKey ? 0x20 : 0), 0] + data,
            timestamp: UInt32(picture) * 3600, subtype: 32, seconds: Double(picture) / 25))
      }
    }
    let proof = try #require(inspect(units))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .mpeg2video)
    #expect(proof.width == 720)
    #expect(proof.keyFrames == 4)
  }
}
