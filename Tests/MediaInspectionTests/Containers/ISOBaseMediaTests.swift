// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct ISOBaseMediaTests {
  static func word(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  static func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
    word(body.count + 8) + Array(type.utf8) + body
  }

  private static func track(
    _ identifier: Int, handler: String, entry: [UInt8], samples: Int = 0
  ) -> [UInt8] {
    box(
      "trak",
      box("tkhd", [0, 0, 0, 3] + word(0) + word(0) + word(identifier) + word(0))
        + box(
          "mdia",
          box(
            "mdhd",
            word(0) + word(0) + word(0) + word(12800) + word(samples * 1024) + word(0))
            + box("hdlr", word(0) + word(0) + Array(handler.utf8) + word(0))
            + box(
              "minf",
              box(
                "stbl",
                box("stsd", word(0) + word(1) + entry)
                  + box(
                    "stts",
                    word(0) + (samples > 0 ? word(1) + word(samples) + word(1024) : word(0)))))))
  }

  /// The tables of a film, of `samples` pictures where they are not in fragments.
  static func movie(samples: Int = 0) -> [UInt8] {
    let record: [UInt8] =
      [1, 0x42, 0xC0, 0x28, 0xFF, 0xE1, 0, UInt8(MediaSamples.h264Sequence.count)]
      + MediaSamples.h264Sequence + [1, 0, 4] + MediaSamples.h264Picture
    var visual = [UInt8](repeating: 0, count: 78)
    visual.replaceSubrange(24..<28, with: [0x07, 0x80, 0x04, 0x38])
    let sound = box("mp4a", [UInt8](repeating: 0, count: 28))
    return box("ftyp", Array("iso5".utf8) + word(0))
      + box(
        "moov",
        track(2, handler: "soun", entry: sound)
          + track(
            1, handler: "vide", entry: box("avc1", visual + box("avcC", record)), samples: samples))
  }

  /// A fragment of `samples` samples of track 1, the first of which is a key frame.
  static func fragment(samples: Int, track: Int = 1, duration: Int? = nil) -> [UInt8] {
    var run = word(0x205) + word(samples) + word(100) + word(0x0200_0000)
    for _ in 0..<samples { run += word(700) }
    return box(
      "moof",
      box("mfhd", word(0) + word(1))
        + box(
          "traf",
          box(
            "tfhd",
            word(duration == nil ? 0x020000 : 0x020008) + word(track) + (duration.map(word) ?? []))
            + box("trun", run)))
      + box("mdat", [UInt8](repeating: 0xAA, count: 700 * samples))
  }

  @Test(arguments: [1, 7, 1460, 65536]) func fragmentsAreProved(size: Int) throws {
    let stream = Self.movie() + Self.fragment(samples: 25) + Self.fragment(samples: 25)
    let proof = try #require(
      inspect(MediaSamples.pieces(of: stream, size: size, framing: .isoBaseMedia)))
    #expect(proof.isBitstreamProved)
    #expect(proof.container == .fmp4)
    #expect(proof.codec == .h264)
    #expect(proof.audioCodec == .aac)
    #expect(proof.width == 1920)
    #expect(proof.height == 1080)
    #expect(proof.statedFramesPerSecond == 25)
    #expect(proof.accessUnits == 50)
    #expect(proof.keyFrames == 2)
    #expect(!proof.isFinishedFile)
    #expect(proof.unitsTested == 6)
    #expect(proof.unitsPassed == 6)
  }

  /// The tables before or after the pictures.
  @Test(arguments: [true, false]) func finishedFileTellsItsLength(tablesFirst: Bool) throws {
    let pictures = Self.box("mdat", [UInt8](repeating: 0xAA, count: 100_000))
    let tables = Self.movie(samples: 300)
    let type = Array(tables.prefix(16))
    let stream =
      tablesFirst ? tables + pictures : type + pictures + tables.dropFirst(type.count)
    let proof = try #require(
      inspect(MediaSamples.pieces(of: stream, size: 1460, framing: .isoBaseMedia)))
    #expect(proof.isBitstreamProved)
    #expect(proof.isFinishedFile)
    #expect(proof.accessUnits == 300)
    #expect(proof.footageSeconds == 24)
    #expect(proof.measuredFramesPerSecond == 12.5)
  }

  @Test func fragmentsAddUpToTheirLength() throws {
    var stream = Self.movie()
    for _ in 0..<4 { stream += Self.fragment(samples: 25, duration: 512) }
    let proof = try #require(
      inspect(MediaSamples.pieces(of: stream, size: 1460, framing: .isoBaseMedia)))
    #expect(proof.measuredFramesPerSecond == 25)
    #expect(proof.footageSeconds == 4)
    #expect(proof.keyFrameIntervalSeconds == 1)
  }

  @Test func fragmentsOfSoundCountNoPictures() throws {
    let stream = Self.movie() + Self.fragment(samples: 25, track: 2)
    let proof = try #require(
      inspect(MediaSamples.pieces(of: stream, size: 1000, framing: .isoBaseMedia)))
    #expect(proof.accessUnits == 0)
    #expect(proof.keyFrames == 0)
  }

  @Test func fragmentsWithoutMovieAreNoProof() throws {
    let stream = Self.fragment(samples: 25) + Self.fragment(samples: 25)
    let proof = try #require(
      inspect(MediaSamples.pieces(of: stream, size: 1000, framing: .isoBaseMedia)))
    #expect(proof.container == .fmp4)
    #expect(!proof.isBitstreamProved)
    #expect(proof.kind == .unknown)
  }

  @Test func otherBytesAreNoFile() {
    var random = SeededGenerator(seed: 14)
    let units = MediaSamples.pieces(
      of: random.bytes(100_000), size: 1460, framing: .isoBaseMedia)
    #expect(inspect(units)?.isBitstreamProved == false)
  }
}
