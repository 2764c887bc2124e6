// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct ProgramStreamTests {
  @Test(arguments: [1, 13, 1400, 65536]) func anyPartitionIsProved(size: Int) throws {
    let stream = Array(MediaSamples.programStream(pictures: 60).joined())
    let proof = try #require(
      inspect(MediaSamples.pieces(of: stream, size: size, framing: .programStream)))
    #expect(proof.isBitstreamProved)
    #expect(proof.container == .mpegps)
    #expect(proof.programMapValid == true)
    #expect(proof.streamTypes == [0x1B, 0x90])
    #expect(proof.codecFromBitstream == .h264)
    #expect(proof.audioCodec == .g711a)
    #expect(proof.width == 1920)
    #expect(proof.keyFrames == 3)
    #expect(proof.accessUnits == 60)
    #expect(proof.unitsPassed == proof.unitsTested)
  }

  /// GB/T 28181: each picture's pack begins an RTP packet.
  private func overRTP(_ packs: [[UInt8]]) -> [SampleUnit] {
    var units: [SampleUnit] = []
    for (index, pack) in packs.enumerated() {
      for start in stride(from: 0, to: pack.count, by: 1400) {
        units.append(
          SampleUnit(
            payload: Array(pack[start..<min(start + 1400, pack.count)]),
            timestamp: UInt32(index) * 3600))
      }
    }
    return units
  }

  @Test func inRTP() throws {
    let units = overRTP(MediaSamples.programStream(pictures: 60))
    let proof = try #require(inspect(units))
    #expect(proof.isBitstreamProved)
    #expect(proof.container == .mpegps)
    #expect(proof.codec == .h264)
    #expect(proof.height == 1080)
  }

  @Test func inRTPWithLoss() throws {
    var units = overRTP(MediaSamples.programStream(pictures: 100))
    for index in stride(from: units.count - 3, to: 3, by: -11) {
      units.remove(at: index)
      units[index].followsGap = true
    }
    let proof = try #require(inspect(units))
    #expect(proof.isBitstreamProved)
    #expect(proof.width == 1920)
  }

  /// Hikvision's local stream: 1C 80 or 1C 00 before each piece (camera-protocols.md B1).
  @Test func withHikvisionMarker() throws {
    var units = overRTP(MediaSamples.programStream(pictures: 60))
    for index in units.indices {
      let isFirst = units[index].payload.starts(with: [0, 0, 1, 0xBA])
      units[index].payload.insert(contentsOf: [0x1C, isFirst ? 0x80 : 0], at: 0)
    }
    let proof = try #require(inspect(units))
    #expect(proof.container == .mpegps)
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .h264)
  }

  @Test func wrongMapCRCIsSaidAndItsTypesAreTaken() throws {
    let stream = Array(
      MediaSamples.programStream(pictures: 30, videoType: 0x80, hasRightCRC: false).joined())
    let proof = try #require(
      inspect(MediaSamples.pieces(of: stream, size: 1000, framing: .programStream)))
    #expect(proof.programMapValid == false)
    #expect(proof.streamTypes == [0x80, 0x90])
  }

  @Test func streamCutInTheMiddleIsFoundAgain() throws {
    let stream = Array(MediaSamples.programStream(pictures: 60).joined().dropFirst(7777))
    let proof = try #require(
      inspect(MediaSamples.pieces(of: stream, size: 1460, framing: .programStream)))
    #expect(proof.isBitstreamProved)
    #expect(proof.keyFrames == 2)
  }

  @Test func randomBytesAreNoProgramStream() throws {
    var random = SeededGenerator(seed: 9)
    let units = (0..<200).map { _ in
      SampleUnit(framing: .programStream, payload: random.bytes(1400))
    }
    let proof = try #require(inspect(units))
    #expect(!proof.isBitstreamProved)
    #expect(proof.kind == .unknown)
  }

  /// As ffmpeg's VOB: packets of a fixed size regardless of pictures; the first picture that begins
  /// in one is stamped (ISO/IEC 13818-1 §2.4.3.7), the others are not.
  static func packed(pictures: Int, size: Int) -> [UInt8] {
    var stream: [UInt8] = []
    var starts: [Int] = []
    for picture in 0..<pictures {
      starts.append(stream.count)
      stream += MediaSamples.h264AccessUnit(
        isKey: picture % 24 == 0, size: 700, seed: UInt64(picture))
    }
    var packed: [UInt8] = []
    for start in stride(from: 0, to: stream.count, by: size) {
      let part = Array(stream[start..<min(start + size, stream.count)])
      packed += bytes("000001BA 4400040004010186A3F8")
      if let picture = starts.firstIndex(where: { start..<start + part.count ~= $0 }) {
        packed += MediaSamples.packetHeader(
          stream: 0xE0, length: part.count + 8, time: UInt64(picture) * 7500)
      } else {
        let length = part.count + 3
        packed += [0, 0, 1, 0xE0, UInt8(length >> 8), UInt8(length & 0xFF), 0x80, 0, 0]
      }
      packed += part
    }
    return packed
  }

  @Test(arguments: [300, 2000, 5000]) func picturesWithoutTimesAreCounted(size: Int) throws {
    let stream = Self.packed(pictures: 240, size: size)
    var units = MediaSamples.pieces(of: stream, size: 1460, framing: .programStream)
    for index in units.indices { units[index].seconds = Double(index) * 1e-5 }
    let proof = try #require(inspect(units))
    #expect(proof.accessUnits == 240)
    #expect(abs((try #require(proof.measuredFramesPerSecond)) - 12) < 0.2)
    #expect(abs((try #require(proof.footageSeconds)) - 20) < 0.3)
    #expect(proof.keyFrames == 10)
    #expect(abs((try #require(proof.keyFrameIntervalSeconds)) - 2) < 0.5)
  }
}
