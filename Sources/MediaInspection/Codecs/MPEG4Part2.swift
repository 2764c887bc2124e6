// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// MPEG-4 part 2 visual (ISO/IEC 14496-2 §6.2), RTP payload format of
/// [RFC 6416](https://www.rfc-editor.org/rfc/rfc6416) §5: the byte stream itself.
enum MPEG4Part2: CodecReader {
  static let codec = Codec.mpeg4

  private static let sequenceStart: UInt8 = 0xB0
  private static let pictureStart: UInt8 = 0xB6
  /// Headers looked at in one payload: sequence, object, layer, group, picture.
  private static let maximumHeaders = 8

  static func readPayload(
    _ payload: Span<UInt8>, _ unit: MediaUnit, startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool {
    guard payload.count >= 4 else { return false }
    guard payload.integer24(0) == 1 else {
      // A picture begins with a start code; what follows in it may be any bytes.
      if startsTimestamp, !unit.followsGap {
        track.countStructure(passed: false)
        return false
      }
      return track.unitTypes != 0
    }
    if startsTimestamp, !unit.followsGap { track.countStructure(passed: true) }
    var offset = 0
    for _ in 0..<maximumHeaders {
      guard payload.integer24(offset) == 1 else { break }
      let start = offset &+ 3
      let reading = readUnit(payload.part(from: start), unit, &track)
      guard reading.contains(.plausible) else { return false }
      track.unitTypes |= 1 &<< UInt64(unitType(payload.byte(start)))
      if reading.contains(.keyFrame) {
        track.noteKeyFrame(unit.packet, timestamp: unit.timestamp)
      }
      if reading.contains(.picture) { return true }
      offset = start &+ 1
      while offset &+ 3 < payload.count, payload.integer24(offset) != 1 { offset &+= 1 }
    }
    return true
  }

  static func readUnit(
    _ unit: Span<UInt8>, _ mediaUnit: MediaUnit, _ track: inout MediaTrack
  ) -> UnitReading {
    guard unit.count >= 2 else { return [] }
    switch unit[0] {
    case 0x00...0x1F, 0xB1...0xB3:
      return .plausible
    case 0x20...0x2F:
      let bytes = unit.part(1, 64)
      guard track.isNewSequenceSet(bytes.fingerprint()) else { return .plausible }
      guard let facts = videoObjectLayer(bytes) else {
        track.sequenceSetFingerprint = 0
        return []
      }
      let profile = track.facts.profile
      track.facts = facts
      track.facts.profile = profile
      track.parameterSets.insert([.sequence, .picture])
      track.parameterSetPacket = track.parameterSetPacket ?? mediaUnit.packet
      return .plausible
    case sequenceStart:
      track.facts.profile = Int(unit[1])
      return .plausible
    case 0xB5:
      return .plausible
    case pictureStart:
      let isKey = unit[1] >> 6 == 0
      let picture: UnitReading = [.plausible, .picture, .firstOfPicture]
      return isKey ? picture.union(.keyFrame) : picture
    default:
      return []
    }
  }

  /// VideoObjectLayer (§6.2.3) of rectangular shape.
  private static func videoObjectLayer(_ bytes: Span<UInt8>) -> PictureFacts? {
    var reader = BitReader(bytes, removingEmulationPrevention: false)
    var facts = PictureFacts()
    reader.skipBits(9)
    var version: UInt32 = 1
    if reader.readFlag() {
      version = reader.readBits(4)
      reader.skipBits(3)
    }
    if reader.readBits(4) == 15 { reader.skipBits(16) }
    if reader.readFlag() {
      reader.skipBits(3)
      if reader.readFlag() { reader.skipBits(79) }
    }
    let shape = reader.readBits(2)
    guard shape == 0, 1...5 ~= version, reader.readFlag() else { return nil }
    let resolution = reader.readBits(16)
    guard resolution > 0, reader.readFlag() else { return nil }
    if reader.readFlag() {
      var bits = 1
      while bits < 16, UInt32(1) << UInt32(bits) < resolution { bits += 1 }
      facts.frameRateNumerator = UInt64(resolution)
      facts.frameRateDenominator = UInt64(reader.readBits(bits))
    }
    guard reader.readFlag() else { return nil }
    facts.width = Int(reader.readBits(13))
    guard reader.readFlag() else { return nil }
    facts.height = Int(reader.readBits(13))
    guard reader.readFlag(), !reader.isExhausted, facts.hasBelievableSize else { return nil }
    facts.isExact = true
    return facts
  }

  static func unitType(_ firstByte: UInt8) -> UInt8 {
    switch firstByte {
    case 0xB0...0xBF: firstByte & 0xF &+ 16
    case 0x20...0x2F: 2
    default: 1
    }
  }

  static func collectionLimit(_ firstByte: UInt8) -> Int { firstByte & 0xF0 == 0x20 ? 64 : 4 }

  static func isConvincing(_ track: MediaTrack) -> Bool {
    // 24 bits of a start code agree in each picture.
    guard track.isPlausible, track.keyFrames.count > 0 || track.unitTypes & 1 << 22 != 0 else {
      return false
    }
    if track.parameterSets.contains(.sequence) {
      return track.unitsTested >= Plausibility.minimumUnitsWithParameterSets
    }
    return track.unitsTested >= Plausibility.minimumUnits && track.hasFragmentOrder
  }

  /// Simple and advanced simple profiles and their levels (table G-1).
  static func profileText(_ facts: PictureFacts) -> String {
    switch facts.profile {
    case 0x01...0x03, 0x08: "Simple"
    case 0x11...0x12: "Simple Scalable"
    case 0x21...0x22: "Core"
    case 0xF0...0xF7: "Advanced Simple"
    default: ""
    }
  }

  static func levelText(_ facts: PictureFacts) -> String {
    switch facts.profile {
    case 0x08: "0"
    case 0x01...0x03, 0xF0...0xF7: "\(facts.profile & 0xF)"
    default: ""
    }
  }
}
