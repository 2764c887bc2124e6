// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// JPEG XS in RTP, [RFC 9134](https://www.rfc-editor.org/rfc/rfc9134) §4.3; picture header of
/// ISO/IEC 21122-1 §A.4.
///
/// ```
/// |T|K|L| I | F counter 5 | SEP counter 11 | P counter 11 |
/// ```
enum JPEGXS: CodecReader {
  static let codec = Codec.jpegxs

  private static let headerLength = 4
  /// Boxes before the codestream (RFC 9134 §4.2) take about 60 bytes.
  private static let searchLimit = 256

  static func readPayload(
    _ payload: Span<UInt8>, _ unit: MediaUnit, startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool {
    guard payload.count > headerLength else { return false }
    let header = payload.integer32(0)
    let frame = UInt64(header >> 22 & 0x1F)
    let counter = header & 0x3F_FFFF
    // Reserved interlace value 01; packets count on within a frame, frames count on.
    guard header >> 27 & 3 != 1 else { return false }
    let isSlice = header >> 30 & 1 == 1
    if !unit.followsGap, track.unitsTested > 0 {
      let isRight: Bool
      if startsTimestamp {
        isRight = frame == (track.pictureHeader &+ 1) & 0x1F && counter == 0
      } else if isSlice {
        isRight = frame == track.pictureHeader
      } else {
        isRight = frame == track.pictureHeader && counter == track.expectedOffset
      }
      track.countStructure(passed: isRight)
      if !isRight {
        track.pictureHeader = frame
        track.expectedOffset = next(counter)
        return false
      }
    }
    track.pictureHeader = frame
    track.expectedOffset = next(counter)
    track.unitTypes |= counter == 0 ? 1 : 2
    if counter == 0 {
      track.noteKeyFrame(unit.packet, timestamp: unit.timestamp)
      readPictureHeader(payload.part(headerLength, headerLength &+ searchLimit), unit, &track)
    }
    return true
  }

  /// The P counter wraps into the SEP counter, at 2048.
  private static func next(_ counter: Int) -> Int { (counter &+ 1) & 0x3F_FFFF }

  private static func readPictureHeader(
    _ bytes: Span<UInt8>, _ unit: MediaUnit, _ track: inout MediaTrack
  ) {
    // Start of codestream FF10, capabilities FF50, ..., picture header FF12.
    var offset = 0
    while offset &+ 4 <= bytes.count, bytes.integer32(offset) != 0xFF10_FF50 { offset &+= 1 }
    offset &+= 2
    for _ in 0..<4 {
      guard offset &+ 16 <= bytes.count else { return }
      if bytes.integer16(offset) == 0xFF12 {
        track.facts.profile = bytes.integer16(offset &+ 8)
        track.facts.level = bytes.integer16(offset &+ 10)
        track.facts.width = bytes.integer16(offset &+ 12)
        track.facts.height = bytes.integer16(offset &+ 14)
        guard track.facts.hasBelievableSize else { return }
        track.parameterSets.insert(.sequence)
        track.sequenceSetCount &+= 1
        track.parameterSetPacket = track.parameterSetPacket ?? unit.packet
        return
      }
      offset &+= 2 &+ bytes.integer16(offset &+ 2)
    }
  }

  static func isConvincing(_ track: MediaTrack) -> Bool {
    track.isPlausible && track.parameterSets.contains(.sequence) && track.hasFragmentOrder
  }
}
