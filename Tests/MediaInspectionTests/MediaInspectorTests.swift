// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct MediaInspectorTests {
  @Test func unknownStreamsHaveNoProof() {
    let inspector = MediaInspector()
    #expect(inspector.proof(ofStream: 0) == nil)
    #expect(inspector.proof(ofStream: .max) == nil)
  }

  @Test func streamsAreKeptApart() {
    var inspector = MediaInspector()
    let video = MediaSamples.h264(pictures: 40)
    let other = MediaSamples.h265(pictures: 40)
    for index in 0..<max(video.count, other.count) {
      for (stream, units) in [(UInt32(3), video), (7, other)] where index < units.count {
        var unit = mediaUnit(units[index], frame: UInt64(index))
        unit.stream = stream
        let payload = units[index].payload
        inspector.inspect(unit, payload.span)
      }
    }
    #expect(inspector.proof(ofStream: 3)?.codec == .h264)
    #expect(inspector.proof(ofStream: 7)?.codec == .h265)
    #expect(inspector.proof(ofStream: 5) == nil)
  }

  @Test func absurdIndexIsRefused() {
    var inspector = MediaInspector()
    let sample = MediaSamples.h264(pictures: 1)[0]
    var unit = mediaUnit(sample)
    unit.stream = .max
    inspector.inspect(unit, sample.payload.span)
    #expect(inspector.proof(ofStream: .max) == nil)
  }

  @Test func agreementWithSignalling() throws {
    let agree = try #require(inspect(MediaSamples.h264(pictures: 40), hint: .h264))
    #expect(agree.codecsAgree == true)
    let disagree = try #require(inspect(MediaSamples.h265(pictures: 40), hint: .h264))
    #expect(disagree.codecsAgree == false)
    #expect(disagree.codec == .h265)
    #expect(disagree.evidence.contains { $0.rule == "codec-disagrees" && !$0.holds })
    let silent = try #require(inspect(MediaSamples.h264(pictures: 2), hint: .h264))
    #expect(silent.codec == .h264)
    #expect(!silent.isBitstreamProved)
  }

  @Test func parameterSetsOfSignallingGiveTheSize() throws {
    let proof = try #require(
      inspect(
        MediaSamples.h264(pictures: 60, withSets: false), hint: .h264,
        parameterSets: [MediaSamples.h264Sequence, MediaSamples.h264Picture]))
    #expect(proof.width == 1920)
    #expect(proof.statedFramesPerSecond == 25)
    #expect(!proof.hasParameterSets)
    #expect(proof.isBitstreamProved)
  }

  /// Signalling that says sound is overruled by parameter sets only.
  @Test func soundHint() throws {
    let plain = try #require(
      inspect(MediaSamples.h264(pictures: 60, withSets: false), hint: .g711a))
    #expect(!plain.isBitstreamProved)
    #expect(plain.kind == .audio)
    let proved = try #require(inspect(MediaSamples.h264(pictures: 60), hint: .g711a))
    #expect(proved.isBitstreamProved)
    #expect(proved.codecsAgree == false)
  }
}

/// Sound and random bytes must never pass as video.
@Suite struct SoundIsNoVideoTests {
  private static func stream(
    _ count: Int, step: UInt32, _ payload: (Int, inout SeededGenerator) -> [UInt8], seed: UInt64
  ) -> [SampleUnit] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map {
      SampleUnit(
        payload: payload($0, &random), timestamp: UInt32($0) &* step, seconds: Double($0) / 50)
    }
  }

  private static func isVideo(_ units: [SampleUnit]) -> Bool {
    guard let proof = inspect(units) else { return false }
    return proof.isBitstreamProved || proof.kind == .video
  }

  @Test func randomPayloads() {
    var proved = 0
    for seed in 0..<200 {
      let size = 20 + seed % 300
      // Several packets a timestamp in every second stream, as in video.
      let units = Self.stream(
        130, step: 3600, { _, random in random.bytes(size) }, seed: UInt64(seed)
      ).enumerated().map { index, unit in
        var unit = unit
        if seed % 2 == 0 { unit.timestamp = UInt32(index / 5) * 3600 }
        return unit
      }
      if Self.isVideo(units) { proved += 1 }
    }
    #expect(proved == 0)
  }

  /// A fixed header of two bytes in front of random bytes, every value of the first.
  @Test func fixedHeaders() {
    var proved = 0
    for first in 0..<256 {
      for second: UInt8 in [0x01, 0x85, 0xE0] {
        let units = Self.stream(
          130, step: 3600, { _, random in [UInt8(first), second] + random.bytes(12) },
          seed: UInt64(first))
        if Self.isVideo(units) { proved += 1 }
      }
    }
    #expect(proved == 0)
  }

  /// Two message types by turns, as in games and telemetry.
  @Test func twoFixedHeaders() {
    var proved = 0
    for seed in 0..<1000 {
      var choice = SeededGenerator(seed: UInt64(seed) &+ 77)
      let heads = [choice.bytes(2), choice.bytes(2)]
      let units = Self.stream(
        130, step: 3000, { index, random in heads[index % 2] + random.bytes(10) },
        seed: UInt64(seed))
      if Self.isVideo(units) { proved += 1 }
    }
    #expect(proved == 0)
  }

  /// Companded samples lie near silence: 0x55 and 0xD5 for A-law, 0x7F and 0xFF for mu-law.
  @Test(arguments: [0x55, 0xD5, 0x7F, 0xFF] as [UInt8])
  func companded(silence: UInt8) {
    for seed in 0..<14 {
      let loudness = UInt8(1 << (seed % 7))
      let units = Self.stream(
        150, step: 160,
        { _, random in random.bytes(40).map { silence ^ $0 % loudness ^ $0 & 0x80 } },
        seed: UInt64(seed))
      #expect(!Self.isVideo(units))
    }
  }

  @Test func silence() {
    for value: UInt8 in 0...255 {
      let units = Self.stream(
        130, step: 160, { _, _ in [UInt8](repeating: value, count: 160) }, seed: 0)
      #expect(!Self.isVideo(units))
    }
  }

  /// Opus: one byte of configuration, then the coder's bytes (RFC 6716 §3.1).
  @Test func opus() {
    for configuration: UInt8 in 0...255 {
      let units = Self.stream(
        130, step: 960,
        { index, random in [configuration] + random.bytes(10 + index % 20) },
        seed: UInt64(configuration))
      #expect(!Self.isVideo(units))
    }
  }

  /// Quiet linear samples: high bytes 00 and FF.
  @Test func linear() {
    for seed in 0..<30 {
      let units = Self.stream(
        150, step: 441,
        { _, random in
          random.bytes(40).flatMap { byte -> [UInt8] in
            let sample = Int16(byte % UInt8(2 + seed % 30)) - Int16(seed % 4)
            return [
              UInt8(truncatingIfNeeded: sample >> 8), UInt8(truncatingIfNeeded: sample),
            ]
          }
        }, seed: UInt64(seed))
      #expect(!Self.isVideo(units))
    }
  }

  /// AAC (RFC 3640): 16 bits of header length, then a size.
  @Test func aac() {
    let units = Self.stream(
      300, step: 1024,
      { index, random in
        let size = 200 + index % 90
        return [0, 16, UInt8(size >> 5), UInt8(size << 3 & 0xFF)] + random.bytes(size)
      }, seed: 3640)
    #expect(!Self.isVideo(units))
  }

  /// SRTP keeps the header and ciphers the payload: suspected, never proved.
  @Test func ciphertext() throws {
    let units = Self.stream(
      1000, step: 3600, { _, random in random.bytes(50) }, seed: 3711)
    let proof = try #require(inspect(units, hint: .h264))
    #expect(!proof.isBitstreamProved)
    #expect(proof.isEncryptionSuspected)
    #expect(proof.codec == .h264)
    #expect(proof.codecFromBitstream == nil)
  }
}
