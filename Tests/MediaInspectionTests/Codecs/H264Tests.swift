// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import MediaInspection

@Suite struct H264Tests {
  struct Sample: CustomTestStringConvertible, Sendable {
    let name: String
    let set: String
    let width: Int
    let height: Int
    let rate: Double
    let profile: String
    let level: String
    var testDescription: String { name }
  }

  /// Made with `ffmpeg -f lavfi -i testsrc2=size=WxH:rate=R -c:v libx264` (x264 164) with the pixel
  /// format, profile or option of the name; expected values are those of ffprobe 5.1.
  static let samples = [
    Sample(
      name: "1920x1080, cropped by 8 rows",
      set: "6742c028da01e0089f97011000000300100000030320f1832a", width: 1920, height: 1080,
      rate: 25, profile: "Constrained Baseline", level: "4.0"),
    Sample(
      name: "NTSC rate", set: "67640028acd940780227e5c04400000fa40003a9803c60c658", width: 1920,
      height: 1080, rate: 30000.0 / 1001, profile: "High", level: "4.0"),
    Sample(
      name: "odd size and rate", set: "674d4016eca05217f1126022000003000400000300641e2c5b2c",
      width: 642, height: 362, rate: 12.5, profile: "Main", level: "2.2"),
    Sample(
      name: "interlaced", set: "67640028acd94078044fde0220000003002000000643e2c5b2c0", width: 1920,
      height: 1080, rate: 25, profile: "High", level: "4.0"),
    Sample(
      name: "4:2:2 10 bit", set: "677a001fb6cd940d83de6f0110000003001000000640f1831960",
      width: 854, height: 480, rate: 50, profile: "High 4:2:2", level: "3.1"),
    Sample(
      name: "4:4:4", set: "67f40015919b283610f71f8088000003000800000300f078b16cb0", width: 430,
      height: 242, rate: 15, profile: "High 4:4:4 Predictive", level: "2.1"),
    Sample(
      name: "with HRD",
      set: "6764001eacd940b0126c0440000003004000000a1810003d090007a13930c01e2c5b2c", width: 704,
      height: 576, rate: 20, profile: "High", level: "3.0"),
    Sample(
      name: "JVT matrices", set: "67640032acd9402800b5b011000003000100000300280f183196",
      width: 2560, height: 1440, rate: 20, profile: "High", level: "5.0"),
    Sample(
      name: "monochrome", set: "67640016f3650280f6c05b2000000300200000030281e2c5b2c0", width: 640,
      height: 480, rate: 10, profile: "High", level: "2.2"),
  ]

  @Test(arguments: samples) func sequenceParameterSet(sample: Sample) throws {
    let facts = try #require(h264Facts(bytes(sample.set)))
    #expect(facts.width == sample.width)
    #expect(facts.height == sample.height)
    let rate = try #require(facts.framesPerSecond)
    #expect(abs(rate - sample.rate) < 1e-9)
    #expect(H264.profileText(facts) == sample.profile)
    #expect(H264.levelText(facts) == sample.level)
    #expect(facts.isExact)
  }

  @Test func wrongSetsAreRefused() {
    let set = MediaSamples.h264Sequence
    for length in 1..<8 {
      #expect(h264Facts(Array(set[0..<length])) == nil)
    }
    var other = set
    other[1] = 67
    #expect(h264Facts(other) == nil)
    other = set
    other[3] = 200
    #expect(h264Facts(other) == nil)
  }

  @Test func streamIsProved() throws {
    let proof = try #require(inspect(MediaSamples.h264(pictures: 60)))
    #expect(proof.isBitstreamProved)
    #expect(proof.kind == .video)
    #expect(proof.codec == .h264)
    #expect(proof.codecFromBitstream == .h264)
    #expect(proof.width == 1920)
    #expect(proof.height == 1080)
    #expect(proof.statedFramesPerSecond == 25)
    let measured = try #require(proof.measuredFramesPerSecond)
    #expect(abs(measured - 25) < 0.01)
    #expect(proof.accessUnits == 60)
    #expect(proof.keyFrames == 3)
    #expect(proof.keyFrameIntervalSeconds == 1)
    #expect(proof.unitsTested == proof.unitsPassed)
    #expect(proof.unitsTested == 186)
    #expect(!proof.isEncryptionSuspected)
    let sets = try #require(proof.evidence.first { $0.rule == "parameter-sets" })
    #expect(sets.packets.map(\.frame) == [1])
    let keys = try #require(proof.evidence.first { $0.rule == "key-frames" })
    #expect(keys.packets.map(\.frame) == [3, 80, 157])
  }

  @Test func streamWithoutParameterSetsIsProvedByItsStructure() throws {
    let units = MediaSamples.h264(pictures: 60, withSets: false)
    let proof = try #require(inspect(units))
    #expect(proof.isBitstreamProved)
    #expect(proof.width == nil)
    #expect(proof.keyFrames == 3)
    #expect(inspect(Array(units.prefix(99)))?.isBitstreamProved == false)
    #expect(inspect(Array(units.prefix(100)))?.isBitstreamProved == true)
  }

  @Test func fragmentsOutOfOrderAreNoProof() {
    var units = MediaSamples.h264(pictures: 60, withSets: false)
    for index in stride(from: 0, to: units.count - 3, by: 3) { units.swapAt(index, index + 1) }
    #expect(inspect(units)?.isBitstreamProved == false)
  }

  @Test func lossIsNotHeldAgainstTheOrder() {
    var units = MediaSamples.h264(pictures: 120)
    for index in stride(from: units.count - 2, to: 0, by: -17) {
      units.remove(at: index)
      units[index].followsGap = true
    }
    #expect(inspect(units)?.isBitstreamProved == true)
  }

  @Test func aggregatedSetsAreRead() throws {
    var packet: [UInt8] = [0x78]
    for set in [MediaSamples.h264Sequence, MediaSamples.h264Picture] {
      packet += [0, UInt8(set.count)] + set
    }
    var units = MediaSamples.h264(pictures: 40, withSets: false)
    units.insert(SampleUnit(payload: packet), at: 0)
    let proof = try #require(inspect(units))
    #expect(proof.width == 1920)
    #expect(proof.isBitstreamProved)
  }

  @Test func aggregateMustFillItsPayload() {
    var track = MediaTrack(codec: .h264)
    let set = MediaSamples.h264Sequence
    let good = [0x78, 0, UInt8(set.count)] + set
    for payload in [good + [0], Array(good.dropLast()), [0x78, 0, 0], [0x78, 0xFF]] {
      #expect(!H264.reads(payload, &track))
    }
    #expect(H264.reads(good, &track))
  }

  @Test func configurationRecord() throws {
    let set = MediaSamples.h264Sequence
    let record =
      [1, 0x42, 0xC0, 0x28, 0xFF, 0xE1, 0, UInt8(set.count)] + set + [1, 0, 4]
      + MediaSamples.h264Picture
    var track = MediaTrack(codec: .h264)
    #expect(H264.configure(record, &track) == 4)
    #expect(track.facts.width == 1920)
    #expect(track.parameterSets == [.sequence, .picture])
    for length in 0..<(record.count - 8) {
      #expect(H264.configure(Array(record[0..<length]), &track) != 3)
    }
  }

  /// Hikvision's local stream looks like FU-A of type 0 (camera-protocols.md B1).
  @Test func hikvisionFragmentMarkerIsNoFragment() {
    var track = MediaTrack(codec: .h264)
    for payload: [UInt8] in [[0x1C, 0x80, 0, 0, 1, 0xBA], [0x1C, 0x00, 1, 2, 3]] {
      #expect(!H264.reads(payload, &track))
    }
  }
}
