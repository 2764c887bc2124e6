// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

/// Every sample, cut at each byte and with bytes changed: never a trap, never a wrong size.
@Suite struct HostileInputTests {
  /// One short stream of each kind.
  private static let streams: [[SampleUnit]] = [
    MediaSamples.h264(pictures: 12, interval: 4),
    MediaSamples.h265(pictures: 12, interval: 4),
    MotionJPEGTests.units(pictures: 6, quality: 255),
    MPEG4Part2Tests.units(pictures: 14), VP8Tests.units(pictures: 22),
    VP9Tests.units(pictures: 22), AV1Tests.units(pictures: 22), JPEGXSTests.units(pictures: 3),
    H263Tests.units(pictures: 13),
    MPEG2VideoTests.units(MPEG2VideoTests.mpeg2, pictures: 14),
    MediaSamples.transportStream(pictures: 3).map {
      SampleUnit(framing: .transportStream, payload: $0)
    },
    MediaSamples.transportStream(pictures: 2).map { SampleUnit(payload: $0, subtype: 33) },
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

  private static func check(_ proof: MediaProof?) {
    guard let proof else { return }
    #expect(proof.unitsPassed <= proof.unitsTested)
    if let width = proof.width { #expect(width > 0 && width <= 65536) }
    if let rate = proof.statedFramesPerSecond { #expect(rate > 0 && rate <= 1000) }
    #expect(proof.evidence.allSatisfy { $0.packets.count <= 3 })
  }

  @Test(arguments: streams.indices) func cutAtEachByte(stream: Int) {
    let units = Self.streams[stream]
    var inspector = MediaInspector()
    for (index, sample) in units.enumerated() {
      // All lengths of the head, where the fields are; then each seventh.
      var length = 0
      while length <= sample.payload.count {
        var unit = mediaUnit(sample, frame: UInt64(index))
        unit.stream = UInt32(index)
        let payload = Array(sample.payload[..<length])
        inspector.inspect(unit, payload.span)
        length += length < 120 ? 1 : 97
      }
      Self.check(inspector.proof(ofStream: UInt32(index)))
    }
  }

  @Test(arguments: streams.indices) func changedBytes(stream: Int) {
    let units = Self.streams[stream]
    var random = SeededGenerator(seed: UInt64(stream) + 1)
    for round in 0..<20 {
      var inspector = MediaInspector()
      for (index, sample) in units.enumerated() {
        var payload = sample.payload
        for _ in 0..<(1 + round % 4) where !payload.isEmpty {
          let reach = random.next() % 3 == 0 ? payload.count : min(payload.count, 60)
          let value = UInt8(truncatingIfNeeded: random.next())
          payload[Int(random.next() % UInt64(reach))] = random.next() % 4 == 0 ? 0xFF : value
        }
        var unit = mediaUnit(sample, frame: UInt64(index))
        unit.followsGap = random.next() % 16 == 0
        inspector.inspect(unit, payload.span)
      }
      Self.check(inspector.proof(ofStream: 0))
    }
  }

  /// Random bytes in every framing, in units of every size.
  @Test func randomBytesInEveryFraming() {
    let framings: [MediaFraming] = [
      .rtpPayload, .transportStream, .programStream, .flvTag, .isoBaseMedia, .jpegImage, .dhav,
      .annexB,
    ]
    var random = SeededGenerator(seed: 99)
    for framing in framings {
      var units = (0..<200).map { index in
        SampleUnit(
          framing: framing, payload: random.bytes(index), timestamp: UInt32(index), subtype: 9)
      }
      // Zeros and ones make start codes often.
      units += (0..<100).map { _ in
        SampleUnit(framing: framing, payload: random.bytes(300).map { $0 & 1 | $0 & 0xBA })
      }
      let proof = inspect(units)
      Self.check(proof)
      #expect(proof?.isBitstreamProved != true)
    }
  }

  /// Lengths at their largest in every container.
  @Test func lengthsAtTheirLargest() {
    let largest = [UInt8](repeating: 0xFF, count: 64)
    for (framing, head) in [
      (MediaFraming.isoBaseMedia, [0, 0, 0, 1] + Array("moov".utf8)),
      (.isoBaseMedia, [0xFF, 0xFF, 0xFF, 0xFF] + Array("moof".utf8)),
      (.dhav, Array("DHAV".utf8) + [0xFD]), (.programStream, [0, 0, 1, 0xBC]),
      (.programStream, [0, 0, 1, 0xBA]), (.programStream, [0, 0, 1, 0xFC, 2, 25]),
      (.flvTag, [0x17, 1, 0, 0, 0]), (.flvTag, [0x17, 0, 0, 0, 0, 1]),
      (.jpegImage, [0xFF, 0xD8, 0xFF, 0xE0]),
    ] as [(MediaFraming, [UInt8])] {
      let unit = SampleUnit(framing: framing, payload: head + largest, subtype: 9)
      let proof = inspect([unit, unit, unit])
      Self.check(proof)
      #expect(proof?.isBitstreamProved == false)
    }
  }

  /// Parameter sets that change in every packet are read, and cost no memory.
  @Test func changingParameterSets() {
    var random = SeededGenerator(seed: 7)
    var inspector = MediaInspector()
    for index in 0..<2000 {
      var payload = index % 2 == 0 ? MediaSamples.h264Sequence : MediaSamples.h265Sequence
      let place = 4 + Int(random.next() % UInt64(payload.count - 4))
      payload[place] = UInt8(truncatingIfNeeded: random.next())
      let sample = SampleUnit(payload: payload, timestamp: UInt32(index))
      var unit = mediaUnit(sample)
      unit.stream = UInt32(index % 2)
      inspector.inspect(unit, payload.span)
    }
    Self.check(inspector.proof(ofStream: 0))
    Self.check(inspector.proof(ofStream: 1))
  }
}
