// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MediaInspection

@Suite struct MotionJPEGTests {
  /// Pictures of four packets; `quality` above 127 adds tables to the first.
  static func units(pictures: Int, quality: UInt8 = 80, type: UInt8 = 1) -> [SampleUnit] {
    var units: [SampleUnit] = []
    var random = SeededGenerator(seed: 2435)
    for picture in 0..<pictures {
      var offset = 0
      for part in 0..<4 {
        let size = part == 3 ? 100 + picture : 1000
        var payload: [UInt8] = [
          0, UInt8(offset >> 16), UInt8(offset >> 8 & 0xFF), UInt8(offset & 0xFF), type, quality,
          88, 72,
        ]
        if type >= 64 { payload += [0, 4, 0xFF, 0xFF] }
        if quality > 127, part == 0 { payload += [0, 0, 0, 128] + random.bytes(128) }
        payload += random.bytes(size)
        units.append(
          SampleUnit(
            payload: payload, timestamp: UInt32(picture) * 7200, isMarked: part == 3, subtype: 26,
            seconds: Double(picture) * 0.08))
        offset += size
      }
    }
    return units
  }

  @Test(arguments: [(80, 1), (255, 1), (128, 64), (50, 65)] as [(UInt8, UInt8)])
  func streamIsProved(quality: UInt8, type: UInt8) throws {
    let proof = try #require(inspect(Self.units(pictures: 30, quality: quality, type: type)))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .mjpeg)
    #expect(proof.width == 704)
    #expect(proof.height == 576)
    #expect(proof.accessUnits == 30)
    #expect(proof.keyFrames == 30)
    let measured = try #require(proof.measuredFramesPerSecond)
    #expect(abs(measured - 12.5) < 0.01)
  }

  /// ONVIF cameras send 0 for sizes above 2040.
  @Test func largePicturesHaveNoSize() throws {
    var units = Self.units(pictures: 30)
    for index in units.indices { units[index].payload[6] = 0 }
    let proof = try #require(inspect(units))
    #expect(proof.isBitstreamProved)
    #expect(proof.width == nil)
  }

  @Test func offsetsMustAddUp() {
    var units = Self.units(pictures: 30)
    for index in units.indices where index % 4 != 0 { units[index].payload[2] ^= 0x40 }
    #expect(inspect(units)?.isBitstreamProved == false)
  }

  @Test func reservedQualitiesAndTypes() {
    for header: [UInt8] in [[1, 0], [1, 100], [1, 127], [2, 80], [70, 80]] {
      var track = MediaTrack(codec: .mjpeg)
      let payload: [UInt8] = [0, 0, 0, 0] + header + [88, 72, 1, 2, 3]
      #expect(!MotionJPEG.reads(payload, &track))
    }
  }
}
