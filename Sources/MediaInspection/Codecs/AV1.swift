// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// AV1 in RTP (AOMedia "RTP Payload Format For AV1" §4.4); sequence header OBU of the AV1 bitstream
/// specification §5.5.
///
/// ```
/// aggregation header |Z|Y| W |N|-|-|-|, then OBU elements, all but the last with leb128 lengths
/// ```
enum AV1: CodecReader {
  static let codec = Codec.av1

  private static let sequenceHeader: UInt8 = 1
  private static let maximumElements = 32

  static func readPayload(
    _ payload: Span<UInt8>, _ unit: MediaUnit, startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool {
    guard payload.count >= 2, payload[0] & 7 == 0 else { return false }
    let continues = payload[0] & 0x80 != 0
    let startsSequence = payload[0] & 0x08 != 0
    // A new coded video sequence cannot begin with the rest of a unit (§4.4).
    guard !(continues && startsSequence) else { return false }
    if !unit.followsGap, track.unitsTested > 0 {
      let isRight = continues == (track.openFragment != nil) && !(continues && startsTimestamp)
      track.countStructure(passed: isRight)
      guard isRight else { return false }
    }
    track.openFragment = payload[0] & 0x40 != 0 ? 1 : nil
    let announced = Int(payload[0] >> 4 & 3)
    var offset = 1
    var index = 0
    while offset < payload.count, index < maximumElements {
      var size = payload.count &- offset
      if announced == 0 || index < announced &- 1 {
        guard let length = leb128(payload, &offset), length <= payload.count &- offset else {
          return false
        }
        size = length
      } else if index >= announced {
        return false
      }
      if index > 0 || !continues {
        let element = payload.part(offset, offset &+ size)
        guard readElement(element, unit, &track) else { return false }
      }
      offset &+= size
      index &+= 1
    }
    if startsSequence { track.noteKeyFrame(unit.packet, timestamp: unit.timestamp) }
    return true
  }

  private static func readElement(
    _ element: Span<UInt8>, _ unit: MediaUnit, _ track: inout MediaTrack
  ) -> Bool {
    guard element.count > 0 else { return false }
    let header = element[0]
    let type = header >> 3 & 0xF
    // Forbidden bit and reserved bit are 0; types 1 to 8 and 15 exist (§6.2.2).
    guard header & 0x81 == 0, 1...8 ~= type || type == 15 else { return false }
    track.unitTypes |= 1 &<< UInt64(type)
    guard type == sequenceHeader else { return true }
    var offset = header & 4 != 0 ? 2 : 1
    if header & 2 != 0, leb128(element, &offset) == nil { return false }
    return readSequence(element.part(from: offset), unit, &track)
  }

  private static func leb128(_ bytes: Span<UInt8>, _ offset: inout Int) -> Int? {
    var value = 0
    for index in 0..<4 {
      guard offset < bytes.count else { return nil }
      let byte = bytes[offset]
      offset &+= 1
      value |= Int(byte & 0x7F) &<< (index &* 7)
      if byte & 0x80 == 0 { return value }
    }
    return nil
  }

  private static func readSequence(
    _ bytes: Span<UInt8>, _ unit: MediaUnit, _ track: inout MediaTrack
  ) -> Bool {
    guard track.isNewSequenceSet(bytes.part(0, 64).fingerprint()) else { return true }
    guard let facts = sequence(bytes) else {
      track.sequenceSetFingerprint = 0
      return false
    }
    track.facts = facts
    track.parameterSets.insert(.sequence)
    track.parameterSetPacket = track.parameterSetPacket ?? unit.packet
    return true
  }

  /// sequence_header_obu (§5.5.1) up to the largest frame size.
  private static func sequence(_ bytes: Span<UInt8>) -> PictureFacts? {
    var reader = BitReader(bytes.part(0, 128), removingEmulationPrevention: false)
    var facts = PictureFacts()
    facts.profile = Int(reader.readBits(3))
    guard facts.profile <= 2 else { return nil }
    let isStill = reader.readFlag()
    if reader.readFlag() {
      guard isStill else { return nil }
      facts.level = Int(reader.readBits(5))
    } else {
      var hasDecoderModel = false
      var delayBits = 0
      if reader.readFlag() {
        let ticks = reader.readBits(32)
        let scale = reader.readBits(32)
        var perPicture: UInt32 = 1
        if reader.readFlag() { perPicture = reader.readUnsigned() &+ 1 }
        facts.frameRateNumerator = UInt64(scale)
        facts.frameRateDenominator = UInt64(ticks) &* UInt64(perPicture)
        hasDecoderModel = reader.readFlag()
        if hasDecoderModel {
          delayBits = Int(reader.readBits(5)) &+ 1
          reader.skipBits(42)
        }
      }
      let hasDelay = reader.readFlag()
      let points = reader.readBits(5)
      for point in 0...points {
        reader.skipBits(12)
        let level = reader.readBits(5)
        if point == 0 { facts.level = Int(level) }
        if level > 7 { _ = reader.readFlag() }
        if hasDecoderModel, reader.readFlag() { reader.skipBits(delayBits &* 2 &+ 1) }
        if hasDelay, reader.readFlag() { reader.skipBits(4) }
      }
    }
    let widthBits = Int(reader.readBits(4)) &+ 1
    let heightBits = Int(reader.readBits(4)) &+ 1
    facts.width = Int(reader.readBits(widthBits)) &+ 1
    facts.height = Int(reader.readBits(heightBits)) &+ 1
    guard !reader.isExhausted, facts.hasBelievableSize else { return nil }
    facts.isExact = true
    return facts
  }

  /// AV1CodecConfigurationRecord: four bytes, then OBUs.
  static func readConfiguration(
    _ record: Span<UInt8>, _ unit: MediaUnit, _ track: inout MediaTrack
  ) -> Int? {
    guard record.count > 4, record[0] == 0x81 else { return nil }
    _ = readElement(record.part(from: 4), unit, &track)
    return 4
  }

  static func isConvincing(_ track: MediaTrack) -> Bool {
    track.isPlausible && track.parameterSets.contains(.sequence)
      && track.unitsTested >= Plausibility.minimumFragments && track.hasFragmentOrder
      && track.keyFrames.count > 0
  }

  static func profileText(_ facts: PictureFacts) -> String {
    guard facts.isExact else { return "" }
    return ["Main", "High", "Professional"][min(facts.profile, 2)]
  }

  static func levelText(_ facts: PictureFacts) -> String {
    // seq_level_idx counts four minor levels from 2.0 (Annex A.3).
    facts.isExact && facts.level < 24 ? "\(2 + facts.level / 4).\(facts.level % 4)" : ""
  }
}
