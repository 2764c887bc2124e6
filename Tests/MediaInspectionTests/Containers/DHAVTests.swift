// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct DHAVTests {
  /// A frame with the extension tags 81 (codec, rate) and 82 (size).
  static func frame(
    type: UInt8, number: UInt8, data: [UInt8], date: UInt32 = 0, milliseconds: UInt16 = 0
  ) -> [UInt8] {
    let fields: [UInt8] = [0x81, 0, 8, 25, 0x82, 0, 0, 0, 0x80, 0x07, 0x38, 0x04]
    let length = 24 + fields.count + data.count + 8
    let size = [UInt8(length & 0xFF), UInt8(length >> 8 & 0xFF), 0, 0]
    var header: [UInt8] = Array("DHAV".utf8) + [type, 0, 0, 0, number, 0, 0, 0] + size
    for shift in [0, 8, 16, 24] as [UInt32] {
      header.append(UInt8(truncatingIfNeeded: date >> shift))
    }
    header += [UInt8(milliseconds & 0xFF), UInt8(milliseconds >> 8), UInt8(fields.count), 0]
    return header + fields + data + Array("dhav".utf8) + size
  }

  static func stream(_ pictures: Int) -> [UInt8] {
    Array(
      (0..<pictures).map { picture in
        let isKey = picture % 10 == 0
        return frame(
          type: isKey ? 0xFD : 0xFC, number: UInt8(picture),
          data: MediaSamples.h264AccessUnit(isKey: isKey, size: 500, seed: UInt64(picture)))
      }.joined())
  }

  @Test(arguments: [1, 100, 1460]) func framesAreProved(size: Int) throws {
    let proof = try #require(
      inspect(MediaSamples.pieces(of: Self.stream(30), size: size, framing: .dhav)))
    #expect(proof.isBitstreamProved)
    #expect(proof.container == .dhav)
    #expect(proof.codecFromBitstream == .h264)
    #expect(proof.width == 1920)
    #expect(proof.keyFrames == 3)
    #expect(proof.accessUnits == 30)
    #expect(proof.unitsTested == 30)
    #expect(proof.unitsPassed == 30)
  }

  /// The millisecond field counts on through its 16 bits, whatever rate the extension states.
  @Test func lengthIsThatOfItsOwnClock() throws {
    var stream: [UInt8] = []
    for picture in 0..<2_000 {
      let isKey = picture % 40 == 0
      stream += Self.frame(
        type: isKey ? 0xFD : 0xFC, number: UInt8(picture & 0xFF),
        data: MediaSamples.h264AccessUnit(isKey: isKey, size: 40),
        milliseconds: UInt16(truncatingIfNeeded: picture * 50))
    }
    let proof = try #require(inspect(MediaSamples.pieces(of: stream, size: 1460, framing: .dhav)))
    #expect(proof.accessUnits == 2_000)
    #expect(proof.statedFramesPerSecond == 25)
    #expect(abs((try #require(proof.measuredFramesPerSecond)) - 20) < 1e-9)
    #expect(abs((try #require(proof.footageSeconds)) - 100) < 1e-9)
    #expect(proof.keyFrameIntervalSeconds == 2)
  }

  @Test func soundFramesAreNoVideo() throws {
    let stream = Array(
      (0..<30).map { Self.frame(type: 0xF0, number: UInt8($0), data: [1, 2, 3, 4]) }.joined())
    let proof = try #require(inspect(MediaSamples.pieces(of: stream, size: 50, framing: .dhav)))
    #expect(!proof.isBitstreamProved)
  }

  @Test func framesAreFoundAgainAfterLoss() throws {
    var units = MediaSamples.pieces(of: Self.stream(60), size: 300, framing: .dhav)
    units.remove(at: 20)
    units[20].followsGap = true
    #expect(inspect(units)?.isBitstreamProved == true)
  }

  /// Pictures whose packets come some hours after their date; zones reach 14 h.
  @Test(arguments: [(16.0, true), (40.0, true), (14.0, false), (0.0, false), (-30.0, false)])
  func picturesDatedLongBeforeAreARecording(hours: Double, isStored: Bool) throws {
    // 2026-11-20 03:00:07.
    let date = Self.date(year: 26, month: 11, day: 20, hour: 3, second: 7)
    let dated = try #require(RecordingDate(date))
    #expect(dated.seconds == 1_795_143_607)
    #expect(dated.text == "2026-11-20 03:00")
    var stream: [UInt8] = []
    for number in 0..<5 {
      let data = MediaSamples.h264AccessUnit(isKey: true, size: 500, seed: UInt64(number))
      stream += Self.frame(type: 0xFD, number: UInt8(number), data: data, date: date)
    }
    var units = MediaSamples.pieces(of: stream, size: 400, framing: .dhav)
    for index in units.indices { units[index].seconds = Double(dated.seconds) + hours * 3_600 }
    let evidence = try #require(inspect(units)).evidence.first { $0.rule == "recording-date" }
    #expect((evidence != nil) == isStored)
    if isStored { #expect(evidence?.text.contains("\(Int(hours)) h before") == true) }
  }

  @Test func whatIsNoDateOfASetClockIsNone() {
    #expect(RecordingDate(0) == nil)
    #expect(RecordingDate(.max) == nil)
    #expect(RecordingDate(Self.date(year: 0, month: 1, day: 1)) == nil)
    #expect(RecordingDate(Self.date(year: 26, month: 13, day: 1)) == nil)
    #expect(RecordingDate(Self.date(year: 26, month: 1, day: 1)) != nil)
  }

  /// The date field; the year counts from 2000.
  private static func date(
    year: UInt32, month: UInt32, day: UInt32, hour: UInt32 = 0, second: UInt32 = 0
  ) -> UInt32 {
    var field = year
    field = field << 4 | month
    field = field << 5 | day
    field = field << 5 | hour
    field = field << 6
    return field << 6 | second
  }
}
