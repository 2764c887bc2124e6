// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// MPEG-1 and MPEG-2 video: sequence header of ISO/IEC 13818-2 §6.2.2.1 (ISO/IEC 11172-2 §2.4.2.3),
/// RTP payload format of [RFC 2250](https://www.rfc-editor.org/rfc/rfc2250) §3.4.
enum MPEG2Video: CodecReader {
  static let codec = Codec.mpeg2video

  /// frame_rate_code 1 to 8 (table 6-4).
  private static let frameRates: [(UInt64, UInt64)] = [
    (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (50, 1), (60000, 1001), (60, 1),
  ]

  static func readPayload(
    _ payload: Span<UInt8>, _ unit: MediaUnit, startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool {
    // MBZ 5 bits, T, temporal reference; then N 0, S, B, E and the picture type 1 to 4.
    guard payload.count > 8, payload[0] & 0xF8 == 0, 1...4 ~= payload[2] & 7 else { return false }
    let data = payload.part(payload[0] & 4 != 0 ? 8 : 4, payload.count)
    // Reference (bits 0-9 of the first 16) and type stay the same within a picture.
    let header = UInt64(payload.integer16(0) & 0x3FF) << 8 | UInt64(payload[2] & 7)
    if !unit.followsGap, track.unitsTested > 0, !startsTimestamp {
      track.countStructure(passed: header == track.pictureHeader)
    }
    track.pictureHeader = header
    let startsCode = data.integer24(0) == 1
    // S: a sequence header is in this packet (RFC 2250 §3.4).
    if payload[2] & 0x20 != 0, startsCode, data.byte(3) == 0xB3 {
      let end = sequenceEnd(data)
      guard readUnit(data.part(3, end), unit, &track).contains(.plausible) else { return false }
      if data.integer32(end) == 0x1B5 { _ = readUnit(data.part(from: end &+ 3), unit, &track) }
      track.unitTypes |= 2
    }
    if payload[2] & 7 == 1 { track.noteKeyFrame(unit.packet, timestamp: unit.timestamp) }
    track.unitTypes |= 1
    return !startsTimestamp || unit.followsGap || startsCode
  }

  /// A sequence header has 8 bytes after its code and two optional matrices of 64.
  private static func sequenceEnd(_ data: Span<UInt8>) -> Int {
    var end = 12
    if data.byte(11) & 2 != 0 { end &+= 64 }
    if data.byte(end &- 1) & 1 != 0 { end &+= 64 }
    return end
  }

  static func readUnit(
    _ unit: Span<UInt8>, _ mediaUnit: MediaUnit, _ track: inout MediaTrack
  ) -> UnitReading {
    guard unit.count >= 3 else { return [] }
    switch unit[0] {
    case 0x00:
      let type = unit[2] &>> 3 & 7
      guard 1...4 ~= type else { return [] }
      let picture: UnitReading = [.plausible, .picture, .firstOfPicture]
      return type == 1 ? picture.union(.keyFrame) : picture
    case 0x01...0xAF, 0xB2, 0xB4, 0xB7, 0xB8:
      return .plausible
    case 0xB3:
      return readSequence(unit, mediaUnit, &track) ? .plausible : []
    case 0xB5:
      readExtension(unit, &track)
      return .plausible
    default:
      return []
    }
  }

  private static func readSequence(
    _ unit: Span<UInt8>, _ mediaUnit: MediaUnit, _ track: inout MediaTrack
  ) -> Bool {
    guard unit.count >= 8 else { return false }
    let width = Int(unit[1]) << 4 | Int(unit[2] >> 4)
    let height = Int(unit[2] & 0xF) << 8 | Int(unit[3])
    let rate = Int(unit[4] & 0xF)
    // Marker bit after the bit rate; aspect ratio 0 is forbidden (§6.3.3).
    guard PictureFacts.dimensions.contains(width), PictureFacts.dimensions.contains(height),
      unit[4] >> 4 != 0, 1...8 ~= rate, unit[7] & 0x20 != 0
    else { return false }
    guard track.isNewSequenceSet(unit.part(0, 8).fingerprint()) else { return true }
    var facts = PictureFacts()
    facts.width = width
    facts.height = height
    (facts.frameRateNumerator, facts.frameRateDenominator) = frameRates[rate - 1]
    facts.isExact = true
    track.facts = facts
    // Without the extension that MPEG-2 demands right after it this is MPEG-1.
    track.codec = .mpeg1video
    track.parameterSets.insert([.sequence, .picture])
    track.parameterSetPacket = track.parameterSetPacket ?? mediaUnit.packet
    return true
  }

  /// picture_coding_extension (§6.2.3.1): of two fields (picture_structure 1 and 2) the second one
  /// is no picture of its own.
  private static func readPictureExtension(_ unit: Span<UInt8>, _ track: inout MediaTrack) {
    guard unit.count >= 4, 1...2 ~= unit[3] & 3 else {
      track.expectedOffset = 0
      return
    }
    if track.expectedOffset == 1 { track.uncountPicture() }
    track.expectedOffset = 1 &- track.expectedOffset
  }

  /// sequence_extension (§6.2.2.3): profile, level, upper bits of the size.
  private static func readExtension(_ unit: Span<UInt8>, _ track: inout MediaTrack) {
    if unit.count > 1, unit[1] >> 4 == 8 {
      readPictureExtension(unit, &track)
      return
    }
    guard unit.count >= 7, unit[1] >> 4 == 1, track.parameterSets.contains(.sequence),
      track.codec == .mpeg1video
    else { return }
    var reader = BitReader(unit.part(from: 1), removingEmulationPrevention: false)
    reader.skipBits(5)
    track.facts.profile = Int(reader.readBits(3))
    track.facts.level = Int(reader.readBits(4))
    reader.skipBits(3)
    track.facts.width |= Int(reader.readBits(2)) << 12
    track.facts.height |= Int(reader.readBits(2)) << 12
    reader.skipBits(12)
    reader.skipBits(9)
    track.facts.frameRateNumerator &*= UInt64(reader.readBits(2)) &+ 1
    track.facts.frameRateDenominator &*= UInt64(reader.readBits(5)) &+ 1
    track.codec = .mpeg2video
  }

  static func unitType(_ firstByte: UInt8) -> UInt8 {
    switch firstByte {
    case 0xB0...0xBF: firstByte & 0xF &+ 16
    case 0: 0
    default: 1
    }
  }

  static func collectionLimit(_ firstByte: UInt8) -> Int { 16 }

  static func isConvincing(_ track: MediaTrack) -> Bool {
    track.isPlausible && track.parameterSets.contains(.sequence)
      && track.unitsTested >= Plausibility.minimumUnitsWithParameterSets
      && track.keyFrames.count > 0
  }

  static func profileText(_ facts: PictureFacts) -> String {
    switch facts.profile {
    case 1: "High"
    case 2: "Spatially Scalable"
    case 3: "SNR Scalable"
    case 4: "Main"
    case 5: "Simple"
    default: ""
    }
  }

  static func levelText(_ facts: PictureFacts) -> String {
    switch facts.level {
    case 4: "High"
    case 6: "High-1440"
    case 8: "Main"
    case 10: "Low"
    default: ""
    }
  }
}
