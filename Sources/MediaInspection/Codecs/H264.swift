// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// H.264: RTP payload format of [RFC 6184](https://www.rfc-editor.org/rfc/rfc6184), NAL units and
/// sequence parameter set of ITU-T H.264 §7.3.
///
/// ```
/// +-+---+-----+
/// |F|NRI| Type|
/// +-+---+-----+
/// ```
enum H264: CodecReader {
  static let codec = Codec.h264

  /// NAL unit types 1 and 5 to 9: what cameras send (classifier.md 3.2 rule 6).
  private static let singleTypes: UInt32 = 1 << 1 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9
  private static let stapA: UInt8 = 24
  private static let fuA: UInt8 = 28
  /// Longest sequence parameter set that is read; one with all scaling lists has under 1000 bytes.
  static let parameterSetLimit = 2048

  static func readPayload(
    _ payload: Span<UInt8>, _ unit: MediaUnit, startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool {
    if startsTimestamp || unit.followsGap { track.hasSliceOfAccessUnit = unit.followsGap }
    guard payload.count >= 2 else { return false }
    let header = payload[0]
    guard header < 0x80 else { return false }
    let type = header & 0x1F
    if type == fuA { return readFragment(payload, unit, startsTimestamp, &track) }
    if track.openFragment != nil {
      // A whole unit in the middle of a fragmented one: something is missing or this is no H.264.
      if !unit.followsGap { track.countStructure(passed: false) }
      track.openFragment = nil
    }
    if type == stapA { return readAggregate(payload, unit, &track) }
    guard singleTypes &>> UInt32(type) & 1 == 1 else { return false }
    let reading = readUnit(payload, unit, &track)
    guard reading.contains(.plausible) else { return false }
    noteSlice(reading, unit, &track)
    track.unitTypes |= 1 &<< UInt64(type)
    return true
  }

  /// FU-A (RFC 6184 §5.8): indicator, then S, E, R and the type of the fragmented unit.
  private static func readFragment(
    _ payload: Span<UInt8>, _ unit: MediaUnit, _ startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool {
    let fragment = payload[1]
    let type = fragment & 0x1F
    let isStart = fragment & 0x80 != 0
    let isEnd = fragment & 0x40 != 0
    guard payload.count > 2, fragment & 0x20 == 0, !(isStart && isEnd),
      singleTypes &>> UInt32(type) & 1 == 1
    else { return false }
    let header = payload[0] & 0x60 | type
    if isStart {
      if !unit.followsGap {
        track.countStructure(passed: track.openFragment == nil)
      }
      if type == 1 || type == 5 {
        noteSlice(sliceReading(payload[2], type), unit, &track)
      }
    } else {
      if !unit.followsGap, track.unitsTested > 0 {
        track.countStructure(passed: track.openFragment == header && !startsTimestamp)
      }
      if type == 5 { track.noteKeyFrame(unit.packet, timestamp: unit.timestamp) }
      track.hasSliceOfAccessUnit = true
    }
    track.openFragment = isEnd ? nil : header
    track.unitTypes |= 1 &<< UInt64(type)
    return true
  }

  /// STAP-A (RFC 6184 §5.7.1): 16-bit sizes that fill the payload exactly.
  private static func readAggregate(
    _ payload: Span<UInt8>, _ unit: MediaUnit, _ track: inout MediaTrack
  ) -> Bool {
    var offset = 1
    while offset < payload.count {
      let size = payload.integer16(offset)
      guard size > 0, offset &+ 2 &+ size <= payload.count else { return false }
      offset &+= 2 &+ size
    }
    guard offset > 1 else { return false }
    offset = 1
    while offset < payload.count {
      let size = payload.integer16(offset)
      let inner = payload.part(offset &+ 2, offset &+ 2 &+ size)
      let reading = readUnit(inner, unit, &track)
      guard reading.contains(.plausible) else { return false }
      noteSlice(reading, unit, &track)
      track.unitTypes |= 1 &<< UInt64(inner.byte(0) & 0x1F)
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

  /// first_mb_in_slice is 0, one bit that is set, in the first slice of a picture (§7.3.3).
  @inline(__always)
  private static func sliceReading(_ firstByte: UInt8, _ type: UInt8) -> UnitReading {
    var reading: UnitReading = [.plausible, .picture]
    if firstByte & 0x80 != 0 { reading.insert(.firstOfPicture) }
    if type == 5 { reading.insert(.keyFrame) }
    return reading
  }

  /// bottom_field_flag (§7.3.3): of the two fields of a frame the top one counts as the picture.
  static func isSecondField(_ unit: Span<UInt8>, _ track: MediaTrack) -> Bool {
    guard track.facts.frameNumberBits > 0, unit.count >= 2, [1, 5].contains(unit[0] & 0x1F) else {
      return false
    }
    var reader = BitReader(unit.part(from: 1), removingEmulationPrevention: true)
    // first_mb_in_slice, slice_type, pic_parameter_set_id, frame_num.
    for _ in 0..<3 { _ = reader.readUnsigned() }
    reader.skipBits(Int(track.facts.frameNumberBits))
    return reader.readFlag() && reader.readFlag() && !reader.isExhausted
  }

  static func readUnit(
    _ unit: Span<UInt8>, _ mediaUnit: MediaUnit, _ track: inout MediaTrack
  ) -> UnitReading {
    guard unit.count >= 2, unit[0] < 0x80 else { return [] }
    let type = unit[0] & 0x1F
    switch type {
    case 1, 5:
      return sliceReading(unit[1], type)
    case 2...4, 9...13:
      return .plausible
    case 6:
      // SEI message 6 is a recovery point (§D.1.8): where open groups of pictures can be entered.
      return unit[1] == 6 ? [.plausible, .keyFrame] : .plausible
    case 7:
      let bytes = unit.part(1, parameterSetLimit)
      guard track.isNewSequenceSet(bytes.fingerprint()) else { return .plausible }
      guard let facts = sequenceParameterSet(bytes) else {
        // A set that does not parse leaves what an earlier one said.
        track.sequenceSetFingerprint = 0
        return []
      }
      track.facts = facts
      track.parameterSets.insert(.sequence)
      track.parameterSetPacket = track.parameterSetPacket ?? mediaUnit.packet
      return .plausible
    case 8:
      // pic_parameter_set_id below 256 and seq_parameter_set_id below 32 (§7.4.2.2).
      guard !track.parameterSets.contains(.picture) else { return .plausible }
      var reader = BitReader(unit.part(1, 32), removingEmulationPrevention: true)
      let picture = reader.readUnsigned()
      let sequence = reader.readUnsigned()
      guard !reader.isExhausted, picture < 256, sequence < 32 else { return [] }
      track.parameterSets.insert(.picture)
      return .plausible
    case 14...20:
      return .plausible
    default:
      return []
    }
  }

  static func collectionLimit(_ firstByte: UInt8) -> Int {
    switch firstByte & 0x1F {
    case 7: parameterSetLimit
    case 8: 40
    default: 4
    }
  }

  /// AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1).
  static func readConfiguration(
    _ record: Span<UInt8>, _ unit: MediaUnit, _ track: inout MediaTrack
  ) -> Int? {
    guard record.count >= 7, record[0] == 1 else { return nil }
    var offset = 6
    for _ in 0..<(record[5] & 0x1F) {
      let size = record.integer16(offset)
      guard size > 0, offset &+ 2 &+ size <= record.count else { return nil }
      _ = readUnit(record.part(offset &+ 2, offset &+ 2 &+ size), unit, &track)
      offset &+= 2 &+ size
    }
    let pictureSets = record.byte(offset)
    offset &+= 1
    for _ in 0..<pictureSets {
      let size = record.integer16(offset)
      guard size > 0, offset &+ 2 &+ size <= record.count else { break }
      _ = readUnit(record.part(offset &+ 2, offset &+ 2 &+ size), unit, &track)
      offset &+= 2 &+ size
    }
    return Int(record[4] & 3) &+ 1
  }

  static func isConvincing(_ track: MediaTrack) -> Bool {
    guard track.isPlausible else { return false }
    if track.parameterSets.contains([.sequence, .picture]), track.facts.isExact,
      track.unitsTested >= Plausibility.minimumUnitsWithParameterSets, track.unitTypeCount >= 3
    {
      return true
    }
    guard track.unitsTested >= Plausibility.minimumUnits,
      track.unitTypes & (1 << 1 | 1 << 5) != 0
    else { return false }
    return track.hasFragmentOrder || track.parameterSets.contains(.sequence) || track.hasSliceOrder
  }
}
