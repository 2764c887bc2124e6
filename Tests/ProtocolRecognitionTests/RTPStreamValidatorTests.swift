// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ProtocolRecognition

/// An RTP packet written byte by byte.
func rtpPacket(
  sequence: UInt16, timestamp: UInt32, source: UInt32 = 0x1122_3344, type: UInt8 = 96,
  marker: Bool = false, payload: [UInt8] = [0x41, 1, 2, 3, 4, 5, 6, 7]
) -> [UInt8] {
  [0x80, type | (marker ? 0x80 : 0)] + bigEndian(sequence) + bigEndian(timestamp)
    + bigEndian(source) + payload
}

func bigEndian<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
  (0..<Number.bitWidth / 8).map {
    UInt8(truncatingIfNeeded: value >> Number(Number.bitWidth - 8 * ($0 + 1)))
  }
}

/// A small fixed generator, so that "random" traffic is the same in every run (SplitMix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

struct RTPStreamValidatorTests {
  static let start: Int64 = 1_700_000_000_000_000_000

  /// Adds a packet as captured.
  static func add(
    _ stream: inout RTPStreamValidator, _ sequence: Int, _ timestamp: Int, at seconds: Double,
    marker: Bool = false, type: UInt8 = 96
  ) -> RTPStreamValidator.Placement {
    let bytes = rtpPacket(
      sequence: UInt16(truncatingIfNeeded: sequence),
      timestamp: UInt32(truncatingIfNeeded: timestamp), type: type, marker: marker)
    guard let header = RTPHeader(parsing: bytes.span, originalLength: bytes.count) else {
      Issue.record("not shaped as RTP")
      return .jump
    }
    return stream.add(header, time: start + Int64(seconds * 1e9))
  }

  @Test func levelsOfAVideoStream() {
    var stream = RTPStreamValidator(synchronizationSource: 0x1122_3344)
    var levels: [RTPLevel] = []
    // 25 frames a second of three packets each.
    for packet in 0..<300 {
      let frame = packet / 3
      _ = Self.add(
        &stream, 65_500 + packet, frame * 3_600,
        at: Double(frame) * 0.04 + Double(packet % 3) * 1e-4,
        marker: packet % 3 == 2)
      levels.append(stream.level)
    }
    #expect(levels[6] == .unproven)
    #expect(levels[7] == .shaped)
    #expect(levels[30] == .shaped)
    #expect(levels[31] == .consistent)
    #expect(stream.level == .proven)
    #expect(stream.clockRate == 90_000)
    #expect(stream.packets == 300)
    #expect(stream.lost == 0)
    #expect(stream.distinctTimestamps == 100)
    #expect(stream.markers == 100)
    #expect(stream.isVideoPaced)
    #expect(!stream.isAudioPaced)
    #expect(abs((stream.timestampsPerSecond ?? 0) - 25) < 0.2)
    #expect((stream.jitterSeconds ?? 1) < 0.001)
  }

  @Test func countsLossDuplicatesAndReordering() {
    var stream = RTPStreamValidator(synchronizationSource: 0x1122_3344)
    for number in [10, 11, 12, 14, 13, 14, 17, 18, 18] {
      _ = Self.add(&stream, number, number * 160, at: Double(number) * 0.02)
    }
    #expect(stream.packets == 9)
    #expect(stream.uniquePackets == 7)
    #expect(stream.duplicates == 2)
    #expect(stream.reordered == 1)
    #expect(stream.lost == 2)
  }

  @Test func lossIsNeverNegative() {
    var stream = RTPStreamValidator(synchronizationSource: 0x1122_3344)
    for number in [5, 5, 5, 6, 6, 4, 3] { _ = Self.add(&stream, number, 0, at: 0) }
    #expect(stream.lost == 0)
    #expect(stream.uniquePackets == 4)
  }

  @Test func restartedSenderIsNoLoss() {
    var stream = RTPStreamValidator(synchronizationSource: 0x1122_3344)
    for number in 0..<50 { _ = Self.add(&stream, number, number * 3_000, at: Double(number) / 30) }
    for number in 30_000..<30_050 {
      _ = Self.add(&stream, number, number * 3_000, at: Double(number - 29_950) / 30)
    }
    #expect(stream.uniquePackets == 100)
    #expect(stream.lost == 0)
  }

  @Test func audioClock() {
    var stream = RTPStreamValidator(synchronizationSource: 0x1122_3344)
    for number in 0..<100 {
      _ = Self.add(&stream, number, number * 160, at: Double(number) * 0.02, type: 8)
    }
    #expect(stream.level == .proven)
    #expect(stream.clockRate == 8_000)
    #expect(stream.isAudioPaced)
    #expect(!stream.isVideoPaced)
  }

  @Test func millisecondClockIsNotProof() {
    var stream = RTPStreamValidator(synchronizationSource: 0x1122_3344)
    for number in 0..<500 {
      _ = Self.add(&stream, number, number * 20, at: Double(number) * 0.02)
    }
    #expect(stream.level == .consistent)
  }

  @Test func bidirectionalFramesKeepTheClock() {
    var stream = RTPStreamValidator(synchronizationSource: 0x1122_3344)
    // Decode order I P B B: timestamps go back and forth.
    let order = [0, 3, 1, 2]
    for frame in 0..<100 {
      let shown = frame / 4 * 4 + order[frame % 4]
      _ = Self.add(&stream, frame, 90_000 + shown * 3_600, at: Double(frame) * 0.04, marker: true)
    }
    #expect(stream.clockRate == 90_000)
  }

  @Test(arguments: [12, 13, 15]) func headerShape(length: Int) {
    var bytes = rtpPacket(sequence: 1, timestamp: 2, payload: [1, 2, 3])
    #expect(RTPHeader(parsing: bytes.span, originalLength: 15)?.payloadByteCount == 3)
    bytes[0] = 0x90  // an extension that does not fit
    #expect(RTPHeader(parsing: bytes.span.extracting(0..<length), originalLength: length) == nil)
    bytes[0] = 0xA0  // padding of 3: all of the payload
    #expect(RTPHeader(parsing: bytes.span, originalLength: 15)?.payloadByteCount == 0)
    bytes[14] = 200  // padding larger than the packet
    #expect(RTPHeader(parsing: bytes.span, originalLength: 15) == nil)
    bytes[0] = 0x80
    bytes[1] = 72  // collides with RTCP
    #expect(RTPHeader(parsing: bytes.span, originalLength: 15) == nil)
    bytes[0] = 0x40
    #expect(RTPHeader(parsing: bytes.span, originalLength: 15) == nil)
  }

  @Test func headerOfACutPacket() {
    let bytes = rtpPacket(sequence: 1, timestamp: 2, payload: [1, 2, 3, 4])
    let header = RTPHeader(parsing: bytes.span, originalLength: 1_000)
    #expect(header?.payloadByteCount == 4)
    #expect(header?.originalPayloadByteCount == 988)
  }
}
