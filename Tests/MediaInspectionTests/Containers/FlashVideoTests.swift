// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct FlashVideoTests {
  private func tag(_ body: [UInt8], type: UInt8 = 9, time: UInt32 = 0) -> SampleUnit {
    SampleUnit(
      framing: .flvTag, payload: body, timestamp: time, subtype: type,
      seconds: Double(time) / 1000)
  }

  private static let avcRecord: [UInt8] =
    [1, 0x42, 0xC0, 0x28, 0xFF, 0xE1, 0, UInt8(MediaSamples.h264Sequence.count)]
    + MediaSamples.h264Sequence + [1, 0, UInt8(MediaSamples.h264Picture.count)]
    + MediaSamples.h264Picture

  private static func hevcRecord() -> [UInt8] {
    var record = [UInt8](repeating: 0, count: 23)
    record[0] = 1
    record[21] = 3
    record[22] = 3
    let sets = [MediaSamples.h265Video, MediaSamples.h265Sequence, MediaSamples.h265Picture]
    for (type, set) in zip([32, 33, 34] as [UInt8], sets) {
      record += [type, 0, 1, 0, UInt8(set.count)] + set
    }
    return record
  }

  @Test func legacyH264() throws {
    var units = [tag([0x17, 0, 0, 0, 0] + Self.avcRecord)]
    units.append(tag([0xAF, 1, 0x21, 0x10], type: 8))
    for picture in 0..<50 {
      let isKey = picture % 25 == 0
      let slice: [UInt8] = [isKey ? 0x65 : 0x41, 0x88, 0x84, 1, 2, 3]
      units.append(
        tag(
          [isKey ? 0x17 : 0x27, 1, 0, 0, 0] + [0, 0, 0, UInt8(slice.count)] + slice,
          time: UInt32(picture) * 40))
    }
    let proof = try #require(inspect(units))
    #expect(proof.isBitstreamProved)
    #expect(proof.container == .flv)
    #expect(proof.codecFromBitstream == .h264)
    #expect(proof.audioCodec == .aac)
    #expect(proof.width == 1920)
    #expect(proof.keyFrames == 2)
    #expect(proof.keyFrameIntervalSeconds == 1)
    #expect(proof.accessUnits == 50)
    #expect(proof.measuredFramesPerSecond == 25)
  }

  /// `hvc1` with packet types 0, 1 and 3 (Enhanced RTMP v2).
  @Test func enhancedH265() throws {
    let code = Array("hvc1".utf8)
    var units = [tag([0x90] + code + Self.hevcRecord())]
    for picture in 0..<20 {
      let slice: [UInt8] = [picture == 0 ? 0x26 : 0x02, 1, 0xAF, 1, 2]
      let data = [0, 0, 0, UInt8(slice.count)] + slice
      let head: [UInt8] =
        picture % 2 == 0 ? [picture == 0 ? 0x91 : 0xA1] + code + [0, 0, 0] : [0xA3] + code
      units.append(tag(head + data, time: UInt32(picture) * 50))
    }
    let proof = try #require(inspect(units))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .h265)
    #expect(proof.width == 1920)
    #expect(proof.keyFrames == 1)
    #expect(proof.unitsPassed == 21)
  }

  @Test func fewMessagesAreNoProof() {
    let units = (0..<9).map { tag([0x22, 0, 0, 0], time: UInt32($0) * 40) }
    #expect(inspect(units)?.isBitstreamProved == false)
    let enough = (0..<10).map { tag([0x22, 0, 0, 0], time: UInt32($0) * 40) }
    #expect(inspect(enough)?.isBitstreamProved == true)
  }

  @Test func soundAloneIsNoVideo() throws {
    let units = (0..<40).map { tag([0x7F, 1, 2, 3], type: 8, time: UInt32($0) * 20) }
    let proof = try #require(inspect(units))
    #expect(proof.kind == .audio)
    #expect(proof.codec == .g711a)
    #expect(!proof.isBitstreamProved)
  }

  @Test func randomBodiesAreNoVideo() {
    var random = SeededGenerator(seed: 11)
    let units = (0..<200).map { _ in tag(random.bytes(300)) }
    #expect(inspect(units)?.isBitstreamProved == false)
  }
}
