// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// H.265: RTP payload format of [RFC 7798](https://www.rfc-editor.org/rfc/rfc7798), NAL units of
/// ITU-T H.265 §7.3.1.
///
/// ```
/// +-+------+------+---+
/// |F| Type |Layer |TID|
/// +-+------+------+---+
/// ```
enum H265: CodecReader {
  static let codec = Codec.h265

  /// Types 0 to 21 and 32 to 40 (classifier.md 3.2 rule 6).
  private static let singleTypes: UInt64 = 0x3F_FFFF | 0x1FF << 32
  private static let aggregationPacket: UInt8 = 48
  private static let fragmentationUnit: UInt8 = 49
  static let parameterSetLimit = 2048

  static func readPayload(
    _ payload: Span<UInt8>, _ unit: MediaUnit, startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool {
    if startsTimestamp || unit.followsGap { track.hasSliceOfAccessUnit = unit.followsGap }
    guard payload.count >= 3, let type = unitType(payload) else { return false }
    if type == fragmentationUnit { return readFragment(payload, unit, startsTimestamp, &track) }
    if track.openFragment != nil {
      if !unit.followsGap { track.countStructure(passed: false) }
      track.openFragment = nil
    }
    if type == aggregationPacket { return readAggregate(payload, unit, &track) }
    guard singleTypes &>> UInt64(type) & 1 == 1 else { return false }
    let reading = readUnit(payload, unit, &track)
    guard reading.contains(.plausible) else { return false }
    noteSlice(reading, unit, &track)
    track.unitTypes |= 1 &<< UInt64(type)
    return true
  }

  /// Type of a unit with F 0, layer 0 and TID at least 1; nil for any other header.
  @inline(__always)
  private static func unitType(_ unit: Span<UInt8>) -> UInt8? {
    guard unit.count >= 2, unit[0] & 0x81 == 0, unit[1] & 0xF8 == 0, unit[1] != 0 else {
      return nil
    }
    return unit[0] &>> 1
  }

  /// FU (RFC 7798 §4.4.3): payload header, then S, E and the type of the fragmented unit.
  private static func readFragment(
    _ payload: Span<UInt8>, _ unit: MediaUnit, _ startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool {
    let fragment = payload[2]
    let type = fragment & 0x3F
    let isStart = fragment & 0x80 != 0
    let isEnd = fragment & 0x40 != 0
    guard payload.count > 3, !(isStart && isEnd), singleTypes &>> UInt64(type) & 1 == 1 else {
      return false
    }
    if isStart {
      if !unit.followsGap {
        track.countStructure(passed: track.openFragment == nil)
      }
      noteSlice(sliceReading(payload[3], type), unit, &track)
    } else {
      if !unit.followsGap, track.unitsTested > 0 {
        track.countStructure(passed: track.openFragment == type && !startsTimestamp)
      }
      if 16...21 ~= type { track.noteKeyFrame(unit.packet, timestamp: unit.timestamp) }
      track.hasSliceOfAccessUnit = true
    }
    track.openFragment = isEnd ? nil : type
    track.unitTypes |= 1 &<< UInt64(type)
    return true
  }

  /// AP (RFC 7798 §4.4.2): 16-bit sizes that fill the payload exactly.
  private static func readAggregate(
    _ payload: Span<UInt8>, _ unit: MediaUnit, _ track: inout MediaTrack
  ) -> Bool {
    var offset = 2
    while offset < payload.count {
      let size = payload.integer16(offset)
      guard size > 1, offset &+ 2 &+ size <= payload.count else { return false }
      offset &+= 2 &+ size
    }
    guard offset > 2 else { return false }
    offset = 2
    while offset < payload.count {
      let size = payload.integer16(offset)
      let inner = payload.part(offset &+ 2, offset &+ 2 &+ size)
      let reading = readUnit(inner, unit, &track)
      guard reading.contains(.plausible) else { return false }
      noteSlice(reading, unit, &track)
      track.unitTypes |= 1 &<< UInt64(inner.byte(0) &>> 1 & 0x3F)
      offset &+= 2 &+ size
    }
    return true
  }

  @inline(__always)
  private static func noteSlice(
    _ reading: UnitReading, _ unit: MediaUnit, _ track: inout MediaTrack
  ) {
    if reading.contains(.keyFrame) {
      track.noteKeyFrame(unit.packet, timestamp: unit.timestamp)
    }
    guard reading.contains(.picture) else { return }
    if !track.hasSliceOfAccessUnit {
      track.countSlice(passed: reading.contains(.firstOfPicture))
    }
    track.hasSliceOfAccessUnit = true
  }

  /// first_slice_segment_in_pic_flag is the first bit of a slice (§7.3.6.1); types 16 to 21 are
  /// the random access points (§7.4.2.2, table 7-1).
  @inline(__always)
  private static func sliceReading(_ firstByte: UInt8, _ type: UInt8) -> UnitReading {
    guard type < 32 else { return .plausible }
    var reading: UnitReading = [.plausible, .picture]
    if firstByte & 0x80 != 0 { reading.insert(.firstOfPicture) }
    if 16...21 ~= type { reading.insert(.keyFrame) }
    return reading
  }

  static func readUnit(
    _ unit: Span<UInt8>, _ mediaUnit: MediaUnit, _ track: inout MediaTrack
  ) -> UnitReading {
    guard unit.count >= 3, let type = unitType(unit) else { return [] }
    switch type {
    case 0...21:
      return sliceReading(unit[2], type)
    case 32:
      guard !track.parameterSets.contains(.video) else { return .plausible }
      guard let timing = videoParameterSet(unit.part(2, parameterSetLimit)) else { return [] }
      track.parameterSets.insert(.video)
      track.parameterSetPacket = track.parameterSetPacket ?? mediaUnit.packet
      if track.facts.frameRateNumerator == 0 {
        track.facts.frameRateNumerator = timing.scale
        track.facts.frameRateDenominator = timing.ticks
      }
      return .plausible
    case 33:
      let bytes = unit.part(2, parameterSetLimit)
      guard track.isNewSequenceSet(bytes.fingerprint()) else { return .plausible }
      guard var facts = sequenceParameterSet(bytes) else {
        track.sequenceSetFingerprint = 0
        return []
      }
      if facts.frameRateNumerator == 0 {
        facts.frameRateNumerator = track.facts.frameRateNumerator
        facts.frameRateDenominator = track.facts.frameRateDenominator
      }
      track.facts = facts
      track.parameterSets.insert(.sequence)
      track.parameterSetPacket = track.parameterSetPacket ?? mediaUnit.packet
      return .plausible
    case 34:
      guard !track.parameterSets.contains(.picture) else { return .plausible }
      // pps_pic_parameter_set_id below 64, pps_seq_parameter_set_id below 16 (§7.4.3.3.1).
      var reader = BitReader(unit.part(2, 32), removingEmulationPrevention: true)
      let picture = reader.readUnsigned()
      let sequence = reader.readUnsigned()
      guard !reader.isExhausted, picture < 64, sequence < 16 else { return [] }
      track.parameterSets.insert(.picture)
      return .plausible
    case 35...40:
      return .plausible
    default:
      return []
    }
  }

  static func unitType(_ firstByte: UInt8) -> UInt8 { firstByte &>> 1 & 0x3F }

  static func collectionLimit(_ firstByte: UInt8) -> Int {
    switch firstByte &>> 1 & 0x3F {
    case 32, 33: parameterSetLimit
    case 34: 40
    default: 4
    }
  }

  /// HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 §8.3.3.1).
  static func readConfiguration(
    _ record: Span<UInt8>, _ unit: MediaUnit, _ track: inout MediaTrack
  ) -> Int? {
    guard record.count >= 23, record[0] == 1 else { return nil }
    var offset = 23
    for _ in 0..<record[22] {
      let count = record.integer16(offset &+ 1)
      offset &+= 3
      for _ in 0..<count {
        let size = record.integer16(offset)
        guard size > 0, offset &+ 2 &+ size <= record.count else { return nil }
        _ = readUnit(record.part(offset &+ 2, offset &+ 2 &+ size), unit, &track)
        offset &+= 2 &+ size
      }
    }
    return Int(record[21] & 3) &+ 1
  }

  static func isConvincing(_ track: MediaTrack) -> Bool {
    guard track.isPlausible else { return false }
    if track.parameterSets.contains([.sequence, .picture]),
      track.unitsTested >= Plausibility.minimumUnitsWithParameterSets, track.unitTypeCount >= 3
    {
      return true
    }
    guard track.unitsTested >= Plausibility.minimumUnits,
      track.unitTypes & 0x3F_FFFF != 0
    else { return false }
    return track.hasFragmentOrder || track.parameterSets.contains(.sequence) || track.hasSliceOrder
  }
}
