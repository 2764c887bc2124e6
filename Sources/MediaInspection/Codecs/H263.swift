// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// H.263 in RTP, [RFC 4629](https://www.rfc-editor.org/rfc/rfc4629) §5.1; picture header of
/// ITU-T H.263 §5.1.
///
/// Its form is too weak to be told without signalling.
///
/// ```
/// | reserved 5 |P|V| PLEN 6 | PEBIT 3 |
/// ```
enum H263: CodecReader {
  static let codec = Codec.h263
  static let isDetectable = false

  /// Source formats 1 to 5 (§5.1.3).
  private static let sizes = [(128, 96), (176, 144), (352, 288), (704, 576), (1408, 1152)]

  static func readPayload(
    _ payload: Span<UInt8>, _ unit: MediaUnit, startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool {
    guard payload.count > 4, payload[0] & 0xF8 == 0 else { return false }
    let startsCode = payload[0] & 4 != 0
    let extra = Int(payload[0] & 1) << 5 | Int(payload[1] >> 3)
    let offset = 2 &+ (payload[0] >> 1 & 1 == 1 ? 1 : 0) &+ extra
    guard offset &+ 4 < payload.count else { return false }
    let isPicture = startsCode && payload[offset] & 0xFC == 0x80
    if !unit.followsGap, track.unitsTested > 0 {
      track.countStructure(passed: startsTimestamp == isPicture)
      guard startsTimestamp == isPicture else { return false }
    }
    track.unitTypes |= isPicture ? 1 : 2
    guard isPicture else { return true }
    // After the two zero bytes that P stands for: 6 bits of code, time 8, then PTYPE: 1, 0,
    // three flags, source format 3, coding type 1 (0 is intra).
    var reader = BitReader(payload.part(from: offset), removingEmulationPrevention: false)
    reader.skipBits(14)
    guard reader.readBits(2) == 2 else { return false }
    reader.skipBits(3)
    var format = Int(reader.readBits(3))
    guard format != 0 else { return false }
    var isInter = true
    var size: (width: Int, height: Int)?
    if format == 7 {
      // PLUSPTYPE (§5.1.4): full or short extension, then the coding type in 3 bits.
      let isFull = reader.readBits(3) == 1
      if isFull {
        format = Int(reader.readBits(3))
        reader.skipBits(15)
      }
      isInter = reader.readBits(3) != 0
      reader.skipBits(6)
      if reader.readFlag() { reader.skipBits(2) }
      if isFull, format == 6 {
        // CPFMT (§5.1.5): aspect ratio, width, a set bit, height.
        reader.skipBits(4)
        let width = (Int(reader.readBits(9)) &+ 1) &* 4
        guard reader.readFlag() else { return false }
        size = (width, Int(reader.readBits(9)) &* 4)
      }
    } else {
      isInter = reader.readFlag()
    }
    if 1...5 ~= format { size = sizes[format - 1] }
    guard !reader.isExhausted else { return false }
    if let size {
      track.facts.width = size.width
      track.facts.height = size.height
      track.parameterSets.insert(.sequence)
      track.sequenceSetCount &+= 1
      track.parameterSetPacket = track.parameterSetPacket ?? unit.packet
    }
    if !isInter { track.noteKeyFrame(unit.packet, timestamp: unit.timestamp) }
    return true
  }

  static func isConvincing(_ track: MediaTrack) -> Bool {
    track.isPlausible && track.parameterSets.contains(.sequence) && track.hasFragmentOrder
      && track.unitsTested >= Plausibility.minimumUnits
  }
}
