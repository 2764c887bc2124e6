// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// VP8 in RTP, [RFC 7741](https://www.rfc-editor.org/rfc/rfc7741) §4.2; frame header of RFC 6386 §9.1.
///
/// ```
/// |X|R|N|S|R| PID | then, if X: |I|L|T|K| RSV | and the fields it names
/// ```
enum VP8: CodecReader {
  static let codec = Codec.vp8

  static func readPayload(
    _ payload: Span<UInt8>, _ unit: MediaUnit, startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool {
    guard payload.count >= 3, payload[0] & 0x48 == 0 else { return false }
    let partition = payload[0] & 7
    let isStart = payload[0] & 0x10 != 0 && partition == 0
    var offset = 1
    if payload[0] & 0x80 != 0 {
      let fields = payload[1]
      guard fields & 0xF == 0 else { return false }
      offset = 2
      if fields & 0x80 != 0 { offset &+= payload.byte(2) & 0x80 != 0 ? 2 : 1 }
      if fields & 0x40 != 0 { offset &+= 1 }
      if fields & 0x30 != 0 { offset &+= 1 }
    }
    guard offset < payload.count else { return false }
    if !unit.followsGap, track.unitsTested > 0 {
      track.countStructure(passed: startsTimestamp == isStart)
      guard startsTimestamp == isStart else { return false }
    }
    guard isStart else {
      track.unitTypes |= 4
      return true
    }
    return readFrame(payload.part(from: offset), unit, &track)
  }

  /// Frame tag: not-key bit, version, show bit, size of the first partition; key frames go on with
  /// the start code 9D 01 2A, width and height.
  private static func readFrame(
    _ frame: Span<UInt8>, _ unit: MediaUnit, _ track: inout MediaTrack
  ) -> Bool {
    guard frame.count >= 3, frame[0] >> 1 & 7 <= 3 else { return false }
    guard frame[0] & 1 == 0 else {
      track.unitTypes |= 1
      return true
    }
    guard frame.integer24(3) == 0x9D012A else { return false }
    let width = frame.littleInteger16(6) & 0x3FFF
    let height = frame.littleInteger16(8) & 0x3FFF
    guard PictureFacts.dimensions.contains(width), PictureFacts.dimensions.contains(height) else {
      return false
    }
    track.facts.width = width
    track.facts.height = height
    track.facts.isExact = true
    track.parameterSets.insert(.sequence)
    track.sequenceSetCount &+= 1
    track.parameterSetPacket = track.parameterSetPacket ?? unit.packet
    track.noteKeyFrame(unit.packet, timestamp: unit.timestamp)
    track.unitTypes |= 2
    return true
  }

  static func isConvincing(_ track: MediaTrack) -> Bool {
    // Only the key frame's start code is strong; it must stand in an ordered stream.
    track.isPlausible && track.parameterSets.contains(.sequence)
      && track.unitsTested >= Plausibility.minimumFragments && track.hasFragmentOrder
  }
}
