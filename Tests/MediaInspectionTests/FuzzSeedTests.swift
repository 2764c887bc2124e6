// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import TestSupport
import Testing

@testable import MediaInspection

/// Leaves streams of every codec and container as seeds for the fuzz targets.
@Suite(.enabled(if: SeedFolder.isWanted, "set LENSTRACE_FUZZ_SEEDS to a folder"))
struct FuzzSeedTests {
  /// The framings of the target `containers`, in its order.
  private static let framings: [MediaFraming] = [
    .transportStream, .programStream, .flvTag, .isoBaseMedia, .jpegImage, .dhav, .annexB,
  ]

  private static let codecs: [(Codec, [SampleUnit])] = [
    (.h264, MediaSamples.h264(pictures: 4, interval: 2)),
    (.h265, MediaSamples.h265(pictures: 4, interval: 2)),
    (.mjpeg, MotionJPEGTests.units(pictures: 3, quality: 255)),
    (.mpeg4, MPEG4Part2Tests.units(pictures: 6)), (.vp8, VP8Tests.units(pictures: 8)),
    (.vp9, VP9Tests.units(pictures: 8)), (.av1, AV1Tests.units(pictures: 8)),
    (.jpegxs, JPEGXSTests.units(pictures: 2)), (.h263, H263Tests.units(pictures: 6)),
    (
      .h264,
      MediaSamples.transportStream(pictures: 1).map { SampleUnit(payload: $0, subtype: 33) }
    ),
  ]

  private static let containers: [[SampleUnit]] = [
    MediaSamples.transportStream(pictures: 2).map {
      SampleUnit(framing: .transportStream, payload: $0)
    },
    MediaSamples.pieces(
      of: Array(MediaSamples.programStream(pictures: 2).joined()), size: 700,
      framing: .programStream),
    MediaSamples.pieces(of: DHAVTests.stream(3), size: 400, framing: .dhav),
    MediaSamples.pieces(of: XiongmaiTests.stream(3), size: 400, framing: .programStream),
    MediaSamples.pieces(
      of: ISOBaseMediaTests.movie() + ISOBaseMediaTests.fragment(samples: 2), size: 300,
      framing: .isoBaseMedia),
    [SampleUnit(framing: .jpegImage, payload: JPEGImagesTests.image)],
    [
      SampleUnit(
        framing: .flvTag, payload: [0x17, 1, 0, 0, 0, 0, 0, 0, 3, 0x65, 0x88, 0x84], subtype: 9),
      SampleUnit(
        framing: .flvTag, payload: [0x91] + Array("hvc1".utf8) + [0, 0, 0, 0], subtype: 9),
    ],
    MediaSamples.pieces(
      of: MediaSamples.h264AccessUnit(isKey: true, size: 100), size: 50, framing: .annexB),
  ]

  private static func pieces(_ units: [SampleUnit]) -> [FuzzInput.Piece] {
    var timestamp: UInt32 = 0
    return units.map { unit in
      var control: UInt8 = unit.timestamp == timestamp ? 0 : 1
      timestamp = unit.timestamp
      if unit.isMarked { control |= 2 }
      return FuzzInput.Piece(control: control | unit.subtype << 4, bytes: unit.payload)
    }
  }

  @Test func codecs() throws {
    for (codec, units) in Self.codecs {
      let index = try #require(Codec.allCases.firstIndex(of: codec))
      for head in [UInt8(index), 255] {
        #expect(
          try SeedFolder.add(FuzzInput.bytes(head: [head], Self.pieces(units)), for: "codecs"))
      }
    }
    for set in [MediaSamples.h264Sequence, MediaSamples.h265Sequence, MediaSamples.h265Video] {
      let piece = FuzzInput.Piece(control: 8, bytes: set)
      #expect(try SeedFolder.add(FuzzInput.bytes(head: [2], [piece]), for: "codecs"))
      #expect(try SeedFolder.add(FuzzInput.bytes(head: [3], [piece]), for: "codecs"))
    }
  }

  @Test func containers() throws {
    for units in Self.containers {
      let head = try #require(Self.framings.firstIndex(of: units[0].framing))
      #expect(
        try SeedFolder.add(
          FuzzInput.bytes(head: [UInt8(head)], Self.pieces(units)), for: "containers"))
    }
  }
}
