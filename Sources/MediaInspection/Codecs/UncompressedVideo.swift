// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// Uncompressed pictures in RTP, [RFC 4175](https://www.rfc-editor.org/rfc/rfc4175) §4, and so
/// SMPTE ST 2110-20.
///
/// ```
/// | extended sequence number 16 |
/// | length 16 | F 1 | line 15 | C 1 | offset 15 |   repeated while C is 1
/// ```
///
/// The lengths add up to the payload exactly, and lines and offsets go on within a picture.
enum UncompressedVideo: CodecReader {
  static let codec = Codec.raw

  private static let sequenceLength = 2
  private static let lineLength = 6
  /// Lines in one packet: SMPTE ST 2110-20 §6.1.4 allows three, RFC 4175 any number.
  private static let maximumLines = 32
  /// Bytes a pixel of 4:2:0 with 8 bits to 4:4:4:4 with 16: what lies outside is no picture.
  private static let bytesPerPixel = 1.0...8.0

  static func readPayload(
    _ payload: Span<UInt8>, _ unit: MediaUnit, startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool {
    var offset = sequenceLength
    var total = 0
    var lines = 0
    while true {
      guard lines < maximumLines, offset &+ lineLength <= payload.count,
        payload.integer16(offset) > 0
      else { return false }
      total &+= payload.integer16(offset)
      let isLast = payload[offset &+ 4] & 0x80 == 0
      offset &+= lineLength
      lines &+= 1
      if isLast { break }
    }
    guard offset &+ total == payload.count else { return false }
    let first = place(payload, sequenceLength)
    if !unit.followsGap, track.unitsTested > 0 {
      let isRight = startsTimestamp ? first.line == 0 && first.pixel == 0 : follows(first, track)
      track.countStructure(passed: isRight)
    }
    measure(payload, lines, &track)
    if startsTimestamp {
      track.pictures &+= 1
      // Every picture can be shown alone.
      track.noteKeyFrame(unit.packet, timestamp: unit.timestamp)
    }
    track.unitTypes |= lines == 1 ? 1 : 2
    return true
  }

  /// Field, line and pixel at which a part begins.
  private static func place(
    _ payload: Span<UInt8>, _ offset: Int
  ) -> (line: Int, pixel: Int) {
    (payload.integer16(offset &+ 2) & 0x7FFF, payload.integer16(offset &+ 4) & 0x7FFF)
  }

  /// Whether a part comes after the last one: in its line further on, or in a later line.
  private static func follows(_ first: (line: Int, pixel: Int), _ track: MediaTrack) -> Bool {
    let line = Int(track.pictureHeader >> 16)
    let pixel = Int(track.pictureHeader & 0xFFFF)
    // With 4:2:0 a part holds two lines.
    return first.line == line ? first.pixel > pixel : 1...2 ~= first.line &- line
  }

  /// Notes the last part; where a line goes on, its two offsets tell how long a pixel is, and with
  /// that how long the line.
  private static func measure(
    _ payload: Span<UInt8>, _ lines: Int, _ track: inout MediaTrack
  ) {
    let last = sequenceLength &+ (lines &- 1) &* lineLength
    let first = place(payload, sequenceLength)
    let line = Int(track.pictureHeader >> 16)
    let pixel = Int(track.pictureHeader & 0xFFFF)
    if track.expectedOffset > 0, first.line == line, first.pixel > pixel {
      let length = Double(track.expectedOffset) / Double(first.pixel &- pixel)
      if bytesPerPixel.contains(length) {
        let end = first.pixel &+ Int(Double(payload.integer16(sequenceLength)) / length)
        track.facts.width = max(track.facts.width, end)
      }
    }
    let place = place(payload, last)
    track.pictureHeader = UInt64(place.line) << 16 | UInt64(place.pixel)
    track.expectedOffset = payload.integer16(last)
    if place.line & 1 == 1 { track.unitTypes |= 4 }
    track.facts.height = max(
      track.facts.height, place.line &+ (track.unitTypes & 4 != 0 ? 1 : 2))
  }

  static func isConvincing(_ track: MediaTrack) -> Bool {
    track.isPlausible && track.unitsTested >= Plausibility.minimumUnits && track.hasFragmentOrder
  }
}
