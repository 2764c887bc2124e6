// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// JPEG in RTP, [RFC 2435](https://www.rfc-editor.org/rfc/rfc2435) §3.1.
///
/// ```
/// | type-specific 8 | fragment offset 24 | type 8 | Q 8 | width/8 8 | height/8 8 |
/// ```
enum MotionJPEG: CodecReader {
  static let codec = Codec.mjpeg

  private static let headerLength = 8
  private static let restartHeaderLength = 4

  static func readPayload(
    _ payload: Span<UInt8>, _ unit: MediaUnit, startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool {
    guard payload.count > headerLength else { return false }
    let offset = payload.integer24(1)
    let type = payload[4]
    let quality = payload[5]
    // Types 0 and 1, with restart markers 64 and 65; Q 0 and 100 to 127 are reserved (§3.1.4).
    guard type & 0xBE == 0, quality != 0, quality < 100 || quality > 127 else { return false }
    var length = payload.count &- headerLength
    if type >= 64 { length &-= restartHeaderLength }
    if offset == 0, quality > 127 {
      let start = payload.count &- length
      // Quantization table header (§3.1.8): MBZ, precision, length.
      guard payload.byte(start) == 0, length >= 4 else { return false }
      length &-= 4 &+ payload.integer16(start &+ 2)
      guard length > 0 else { return false }
    }
    let header = UInt64(payload.integer32(4))
    if !unit.followsGap, track.unitsTested > 0 {
      // Offsets begin at 0 with each picture and grow by what was sent; the header stays.
      let isRight =
        startsTimestamp
        ? offset == 0 : offset == track.expectedOffset && header == track.pictureHeader
      track.countStructure(passed: isRight)
      guard isRight else {
        track.expectedOffset = offset &+ length
        track.pictureHeader = header
        return false
      }
    }
    track.expectedOffset = offset &+ length
    track.pictureHeader = header
    track.unitTypes |= offset == 0 ? 1 : 2
    if offset == 0 {
      // Every picture can be decoded alone.
      track.noteKeyFrame(unit.packet, timestamp: unit.timestamp)
      // 0 stands for more than 2040, which ONVIF cameras then say in a header extension.
      track.facts.width = Int(payload[6]) &* 8
      track.facts.height = Int(payload[7]) &* 8
    }
    return true
  }

  static func isConvincing(_ track: MediaTrack) -> Bool {
    // Pictures of several packets, whose offsets add up: 24 bits agree in each.
    track.isPlausible && track.hasFragmentOrder && track.unitTypes == 3
  }
}
