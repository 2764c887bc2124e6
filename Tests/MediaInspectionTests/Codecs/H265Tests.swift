// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MediaInspection

@Suite struct H265Tests {
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

  /// Made with `ffmpeg -f lavfi -i testsrc2=size=WxH:rate=R -c:v libx265 -preset ultrafast` (x265
  /// 3.5) with the pixel format of the name; expected values are those of ffprobe 5.1.
  static let samples = [
    Sample(
      name: "1920x1080, conformance window",
      set: "420101016000000300900000030000030078a003c0801107cb965654a4c2f0168080000003008000000c84",
      width: 1920, height: 1080, rate: 25, profile: "Main", level: "4.0"),
    Sample(
      name: "odd size and rate",
      set:
        "42010101600000030090000003000003003fa005220171c449965654a4c2f016808000000301000003000c84",
      width: 642, height: 362, rate: 12.5, profile: "Main", level: "2.1"),
    Sample(
      name: "Main 10, NTSC rate",
      set: "420101022000000300900000030000030096a001402005a136595952930bc05a02000007d20000ea6010",
      width: 2560, height: 1440, rate: 30000.0 / 1001, profile: "Main 10", level: "5.0"),
    Sample(
      name: "4:2:2",
      set: "4201010408000003009d0800000300005db006c201e1cdb6595952930bc05a020000030002000003006410",
      width: 854, height: 480, rate: 50, profile: "Range Extensions", level: "3.1"),
    Sample(
      name: "4:4:4",
      set: "4201010408000003009e0800000300003c9001b10080ee3f2caca94985e02d010000030001000003000f08",
      width: 430, height: 242, rate: 15, profile: "Range Extensions", level: "2.0"),
    Sample(
      name: "3840x2160",
      set: "4201010160000003009000000300000300"
        + "96a001e020021c5965654a4c2f016808000003000800000300a040",
      width: 3840, height: 2160, rate: 20, profile: "Main", level: "5.0"),
  ]

  @Test(arguments: samples) func sequenceParameterSet(sample: Sample) throws {
    let facts = try #require(h265Facts(bytes(sample.set)))
    #expect(facts.width == sample.width)
    #expect(facts.height == sample.height)
    let rate = try #require(facts.framesPerSecond)
    #expect(abs(rate - sample.rate) < 1e-9)
    #expect(H265.profileText(facts) == sample.profile)
    #expect(H265.levelText(facts) == sample.level)
  }

  @Test func videoParameterSet() {
    let set = MediaSamples.h265Video
    let whole = H265.videoParameterSet(set.span.part(from: 2))
    #expect(whole?.scale == 0)
    let cut = H265.videoParameterSet(set.span.part(2, 12))
    #expect(cut == nil)
  }

  @Test func streamIsProved() throws {
    let proof = try #require(inspect(MediaSamples.h265(pictures: 60, interval: 30)))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .h265)
    #expect(proof.width == 1920)
    #expect(proof.height == 1080)
    #expect(proof.statedFramesPerSecond == 25)
    let measured = try #require(proof.measuredFramesPerSecond)
    #expect(abs(measured - 15) < 0.01)
    #expect(proof.profile == "Main")
    #expect(proof.level == "4.0")
    #expect(proof.accessUnits == 60)
    #expect(proof.keyFrames == 2)
    #expect(proof.keyFrameIntervalSeconds == 2)
  }

  @Test func streamWithoutParameterSetsIsProvedByItsStructure() throws {
    let proof = try #require(inspect(MediaSamples.h265(pictures: 40, withSets: false)))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .h265)
  }

  @Test func headerRules() {
    // Forbidden bit, layer 1, temporal identifier 0, type 41.
    for payload: [UInt8] in [
      [0x82, 1, 0xFF], [0x02, 0x09, 0xFF], [0x02, 0, 0xFF], [0x52, 1, 0xFF], [0x62, 1, 0xC1, 0],
    ] {
      var track = MediaTrack(codec: .h265)
      #expect(!H265.reads(payload, &track))
    }
  }

  @Test func configurationRecord() throws {
    var record = [UInt8](repeating: 0, count: 23)
    record[0] = 1
    record[21] = 0xF3
    record[22] = 3
    let sets = [MediaSamples.h265Video, MediaSamples.h265Sequence, MediaSamples.h265Picture]
    for (type, set) in zip([32, 33, 34] as [UInt8], sets) {
      record += [type, 0, 1, 0, UInt8(set.count)] + set
    }
    var track = MediaTrack(codec: .h265)
    #expect(H265.configure(record, &track) == 4)
    #expect(track.facts.height == 1080)
    #expect(H265.configure(Array(record.dropLast()), &track) == nil)
  }

  /// Ciphered slices keep their NAL headers (camera-protocols.md B1): the order of fragments stays,
  /// the first bit of slices becomes a coin.
  @Test func cipheredSlicesAreSuspected() throws {
    var units = MediaSamples.h265(pictures: 100, withSets: false)
    var random = SeededGenerator(seed: 5)
    for index in units.indices {
      units[index].payload.replaceSubrange(3..., with: random.bytes(900))
    }
    let proof = try #require(inspect(units))
    #expect(proof.codec == .h265)
    #expect(proof.isEncryptionSuspected)
  }
}
