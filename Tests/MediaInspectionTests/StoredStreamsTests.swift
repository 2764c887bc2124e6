// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import ProtocolRecognition
import Testing

@testable import MediaInspection

/// Streams that are put away while others are open are as they were when they are opened again.
@Suite struct StoredStreamsTests {
  /// A stream of every codec and container.
  private static let samples: [[SampleUnit]] =
    [
      MediaSamples.h264(pictures: 60, interval: 5), MediaSamples.h264(pictures: 9, withSets: false),
      MediaSamples.h265(pictures: 40, interval: 4),
      MotionJPEGTests.units(pictures: 8, quality: 255),
      MPEG4Part2Tests.units(pictures: 20), MPEG2VideoTests.units(MPEG2VideoTests.mpeg2),
      VP8Tests.units(pictures: 20), VP9Tests.units(pictures: 20), AV1Tests.units(pictures: 20),
      JPEGXSTests.units(pictures: 4), H263Tests.units(pictures: 20),
      UncompressedVideoTests.stream(pictures: 3),
      MediaSamples.transportStream(pictures: 6).map { SampleUnit(payload: $0, subtype: 33) },
      MediaSamples.transportStream(pictures: 12).map {
        SampleUnit(framing: .transportStream, payload: $0)
      },
      MediaSamples.pieces(
        of: Array(MediaSamples.programStream(pictures: 20).joined()), size: 700,
        framing: .programStream),
      MediaSamples.pieces(
        of: Array(MediaSamples.programStream(pictures: 20).joined()), size: 900,
        framing: .rtpPayload),
      MediaSamples.pieces(of: DHAVTests.stream(9), size: 400, framing: .dhav),
      MediaSamples.pieces(of: XiongmaiTests.stream(9), size: 13, framing: .programStream),
      MediaSamples.pieces(
        of: ISOBaseMediaTests.movie() + ISOBaseMediaTests.fragment(samples: 9), size: 11,
        framing: .isoBaseMedia),
      (0..<12).map { _ in SampleUnit(framing: .jpegImage, payload: JPEGImagesTests.image) },
      (0..<12).map {
        SampleUnit(
          framing: .flvTag, payload: [$0 == 0 ? 0x17 : 0x27, 1, 0, 0, 0, 0, 0, 0, 3, 0x65, 0x88],
          timestamp: UInt32($0) * 40, subtype: 9)
      },
      MediaSamples.pieces(
        of: (0..<8).flatMap { MediaSamples.h264AccessUnit(isKey: $0 % 4 == 0, size: 90) },
        size: 7, framing: .annexB),
      noise(300, seed: 1), noise(40, seed: 2),
    ]

  /// Payloads of no codec.
  private static func noise(_ count: Int, seed: UInt64) -> [SampleUnit] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { SampleUnit(payload: random.bytes(40), timestamp: UInt32($0) * 90) }
  }

  private static func limits(open: Int, bytes: Int = .max) -> MemoryLimits {
    var limits = MemoryLimits.standard
    limits.openStreams = open
    limits.liveStreams = 0
    limits.mediaBytes = bytes
    return limits
  }

  private static func text(of value: some Any) -> String {
    var text = ""
    dump(value, to: &text)
    return text
  }

  /// Every field, by reflection, so that none can be forgotten.
  @Test(arguments: samples.indices) func everyFieldComesBack(sample: Int) {
    var whole = StreamInspection()
    var restored = StreamInspection()
    whole.setHint(.h264)
    restored.setHint(.h264)
    for (index, unit) in Self.samples[sample].enumerated() {
      let description = mediaUnit(unit, frame: UInt64(index + 1))
      whole.inspect(description, unit.payload.span)
      restored.inspect(description, unit.payload.span)
      restored = StreamInspection(stored: restored.stored())
    }
    // Leaves out what a scanner keeps of a unit that is over.
    _ = whole.stored()
    #expect(Self.text(of: restored) == Self.text(of: whole))
    #expect(restored.spread.chiSquare == whole.spread.chiSquare)
    #expect(restored.spread.count == whole.spread.count)
    #expect(Self.text(of: restored.proof()) == Self.text(of: whole.proof()))
  }

  /// All streams at once, unit by unit, so that each closes another.
  @Test(arguments: [1, 2, 7, 23]) func theOrderOfPuttingAwayDoesNotShow(open: Int) {
    var small = MediaInspector(limits: Self.limits(open: open))
    var large = MediaInspector()
    for index in 0..<(Self.samples.map(\.count).max() ?? 0) {
      for (stream, units) in Self.samples.enumerated() where index < units.count {
        var unit = mediaUnit(units[index], frame: UInt64(index * 100 + stream))
        unit.stream = UInt32(stream)
        let payload = units[index].payload
        small.inspect(unit, payload.span)
        large.inspect(unit, payload.span)
        #expect(small.openCount <= open)
      }
    }
    for hinted in [Codec.h264, .vp8, .g711a] {
      for stream in Self.samples.indices {
        small.setCodecHint(hinted, forStream: UInt32(stream))
        large.setCodecHint(hinted, forStream: UInt32(stream))
      }
      small.close()
      for stream in Self.samples.indices {
        #expect(
          Self.text(of: small.proof(ofStream: UInt32(stream)))
            == Self.text(of: large.proof(ofStream: UInt32(stream))))
      }
    }
    #expect(small.overflow.count == 0)
  }

  /// Streams that could still be of any codec let go of what they would need to be followed.
  @Test func candidatesOfSilentStreamsAreReleased() throws {
    var inspector = MediaInspector(limits: Self.limits(open: 4))
    let units = MediaSamples.h264(pictures: 2)
    for stream in 0..<1_000 as Range<UInt32> {
      for (index, sample) in units.prefix(6).enumerated() {
        var unit = mediaUnit(sample, frame: UInt64(stream) * 10 + UInt64(index))
        unit.stream = stream
        inspector.inspect(unit, sample.payload.span)
      }
    }
    #expect(inspector.openCount == 4)
    // Eleven candidates of 368 bytes each, and what stands around them, in some hundred bytes.
    #expect(inspector.storedByteCount < 1_000 * 400)
    inspector.setCodecHint(.h264, forStream: 3)
    #expect(try #require(inspector.proof(ofStream: 3)).unitsTested == 6)
  }

  /// Streams that come all the time stay open beyond the bound, once it is known what they are.
  @Test func streamsThatComeAllTheTimeStayOpen() {
    var limits = Self.limits(open: 4)
    limits.liveStreams = 6
    var inspector = MediaInspector(limits: limits)
    for (index, sample) in MediaSamples.h264(pictures: 60, interval: 5).enumerated() {
      for stream in 0..<20 as Range<UInt32> {
        var unit = mediaUnit(sample, frame: UInt64(index) * 20 + UInt64(stream))
        unit.stream = stream
        inspector.inspect(unit, sample.payload.span)
        #expect(inspector.openCount <= 10)
      }
    }
    #expect(inspector.openCount == 10)
  }

  /// Without room the times of key frames are thinned first, and what was learnt stays.
  @Test func withoutRoomTheConclusionStays() throws {
    var inspector = MediaInspector(limits: Self.limits(open: 1, bytes: 0))
    for stream in 0..<3 as Range<UInt32> {
      for (index, sample) in MediaSamples.h264(pictures: 60, interval: 2).enumerated() {
        var unit = mediaUnit(sample, frame: UInt64(index))
        unit.stream = stream
        inspector.inspect(unit, sample.payload.span)
      }
    }
    let thin = try #require(inspector.proof(ofStream: 0))
    let whole = try #require(inspector.proof(ofStream: 2))
    #expect(thin.isBitstreamProved && thin.codec == .h264 && thin.width == 1920)
    #expect(thin.keyFrames == 30)
    #expect(thin.keyFrameTimes.count <= 4)
    #expect(whole.keyFrameTimes.count == 30)
    #expect(inspector.overflow.count == 0)
  }

  /// What is too long without room is given up, and that is said.
  @Test func whatIsGivenUpIsCounted() {
    var inspector = MediaInspector(limits: Self.limits(open: 1, bytes: 0))
    // The beginning of a table of a movie.
    let box: [UInt8] = [0, 0, 0xF0, 0] + Array("moov".utf8) + [UInt8](repeating: 1, count: 8_000)
    for stream in 0..<3 as Range<UInt32> {
      var unit = mediaUnit(SampleUnit(framing: .isoBaseMedia, payload: box, seconds: 7))
      unit.stream = stream
      inspector.inspect(unit, box.span)
    }
    #expect(inspector.overflow == BoundCount(count: 2, firstTime: 7_000_000_000))
    #expect(inspector.proof(ofStream: 0) == nil)
    #expect(inspector.proof(ofStream: 2)?.container == .fmp4)
  }
}
