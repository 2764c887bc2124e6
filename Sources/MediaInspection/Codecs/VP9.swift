// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// VP9 in RTP, [RFC 9628](https://www.rfc-editor.org/rfc/rfc9628) §4.2; uncompressed header of the
/// VP9 bitstream specification §6.2.
///
/// ```
/// |I|P|L|F|B|E|V|Z| then picture number, layers, references and scalability structure
/// ```
enum VP9: CodecReader {
  static let codec = Codec.vp9

  static func readPayload(
    _ payload: Span<UInt8>, _ unit: MediaUnit, startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool {
    guard payload.count >= 3 else { return false }
    let flags = payload[0]
    guard let offset = descriptorLength(payload), offset < payload.count else { return false }
    let isStart = flags & 0x08 != 0
    let isEnd = flags & 0x04 != 0
    if !unit.followsGap, track.unitsTested > 0 {
      // B opens a layer frame after an E; a new timestamp always begins one.
      let isRight = startsTimestamp ? isStart : isStart == (track.openFragment == nil)
      track.countStructure(passed: isRight)
      guard isRight else { return false }
    }
    track.openFragment = isEnd ? nil : 1
    guard isStart else {
      track.unitTypes |= 4
      return true
    }
    track.unitTypes |= flags & 0x40 == 0 ? 2 : 1
    // P 0: not predicted from another picture.
    guard flags & 0x40 == 0, startsTimestamp else { return true }
    return readKeyFrame(payload.part(from: offset), unit, &track)
  }

  /// Length of the payload descriptor, nil when its fields contradict each other.
  private static func descriptorLength(_ payload: Span<UInt8>) -> Int? {
    let flags = payload[0]
    var offset = 1
    if flags & 0x80 != 0 { offset &+= payload.byte(offset) & 0x80 != 0 ? 2 : 1 }
    if flags & 0x20 != 0 { offset &+= flags & 0x10 == 0 ? 2 : 1 }
    if flags & 0x50 == 0x50 {
      // Up to three reference differences; bit 0 says that another follows.
      for index in 0..<3 {
        let more = payload.byte(offset) & 1 != 0
        offset &+= 1
        if !more { break }
        if index == 2 { return nil }
      }
    }
    if flags & 0x02 != 0 {
      let structure = payload.byte(offset)
      guard structure & 7 == 0 else { return nil }
      offset &+= 1
      if structure & 0x10 != 0 { offset &+= (Int(structure >> 5) &+ 1) &* 4 }
      if structure & 0x08 != 0 {
        let pictures = Int(payload.byte(offset))
        offset &+= 1
        for _ in 0..<pictures {
          offset &+= 1 &+ Int(payload.byte(offset) >> 2 & 3)
          if offset > payload.count { return nil }
        }
      }
    }
    return offset
  }

  private static func readKeyFrame(
    _ frame: Span<UInt8>, _ unit: MediaUnit, _ track: inout MediaTrack
  ) -> Bool {
    var reader = BitReader(frame.part(0, 32), removingEmulationPrevention: false)
    guard reader.readBits(2) == 2 else { return false }
    let low = reader.readBits(1)
    let profile = low | reader.readBits(1) << 1
    if profile == 3 { _ = reader.readFlag() }
    // show_existing_frame, then frame_type 0 for a key frame.
    if reader.readFlag() { return true }
    if reader.readFlag() { return true }
    reader.skipBits(2)
    guard reader.readBits(24) == 0x498342 else { return false }
    if profile >= 2 { _ = reader.readFlag() }
    let colourSpace = reader.readBits(3)
    if colourSpace != 7 {
      _ = reader.readFlag()
      if profile & 1 == 1 { reader.skipBits(3) }
    } else if profile & 1 == 1 {
      _ = reader.readFlag()
    }
    let width = Int(reader.readBits(16)) &+ 1
    let height = Int(reader.readBits(16)) &+ 1
    guard !reader.isExhausted, PictureFacts.dimensions.contains(width),
      PictureFacts.dimensions.contains(height)
    else { return false }
    track.facts.width = width
    track.facts.height = height
    track.facts.profile = Int(profile)
    track.facts.isExact = true
    track.parameterSets.insert(.sequence)
    track.sequenceSetCount &+= 1
    track.parameterSetPacket = track.parameterSetPacket ?? unit.packet
    track.noteKeyFrame(unit.packet, timestamp: unit.timestamp)
    return true
  }

  static func isConvincing(_ track: MediaTrack) -> Bool {
    track.isPlausible && track.parameterSets.contains(.sequence)
      && track.unitsTested >= Plausibility.minimumFragments && track.hasFragmentOrder
  }

  static func profileText(_ facts: PictureFacts) -> String {
    facts.isExact ? "Profile \(facts.profile)" : ""
  }
}
