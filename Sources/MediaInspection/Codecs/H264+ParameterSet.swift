// SPDX-License-Identifier: Apache-2.0

/// The sequence parameter set of ITU-T H.264 §7.3.2.1.1 and its VUI, §E.1.1.
extension H264 {
  /// profile_idc values accepted (classifier.md 3.2 rule 6).
  private static let profiles: Set<UInt32> = [66, 77, 88, 100, 110, 122, 244]
  /// Those with chroma format and bit depths (§7.3.2.1.1).
  private static let highProfiles: Set<UInt32> = [100, 110, 122, 244]
  /// level_idc range accepted (classifier.md 3.2 rule 6).
  private static let levels: ClosedRange<UInt32> = 9...62

  /// Reads a sequence parameter set without its NAL header; nil when a value is out of its range.
  static func sequenceParameterSet(_ bytes: Span<UInt8>) -> PictureFacts? {
    var reader = BitReader(bytes, removingEmulationPrevention: true)
    var facts = PictureFacts()
    let profile = reader.readBits(8)
    let flags = reader.readBits(8)
    let level = reader.readBits(8)
    guard profiles.contains(profile), levels.contains(level), flags & 3 == 0 else { return nil }
    facts.profile = Int(profile)
    facts.profileFlags = Int(flags)
    facts.level = Int(level)
    guard reader.readUnsigned() < 32 else { return nil }
    var chroma: UInt32 = 1
    var separatePlanes = false
    if highProfiles.contains(profile) {
      chroma = reader.readUnsigned()
      guard chroma <= 3 else { return nil }
      if chroma == 3 { separatePlanes = reader.readFlag() }
      guard reader.readUnsigned() <= 6, reader.readUnsigned() <= 6 else { return nil }
      _ = reader.readFlag()
      if reader.readFlag() {
        for list in 0..<(chroma == 3 ? 12 : 8) where reader.readFlag() {
          skipScalingList(&reader, size: list < 6 ? 16 : 64)
        }
      }
    }
    let frameNumberBits = reader.readUnsigned()
    guard frameNumberBits <= 12 else { return nil }
    switch reader.readUnsigned() {
    case 0:
      guard reader.readUnsigned() <= 12 else { return nil }
    case 1:
      _ = reader.readFlag()
      _ = reader.readSigned()
      _ = reader.readSigned()
      let cycle = reader.readUnsigned()
      guard cycle <= 255 else { return nil }
      for _ in 0..<cycle { _ = reader.readSigned() }
    case 2: break
    default: return nil
    }
    guard reader.readUnsigned() <= 16 else { return nil }
    _ = reader.readFlag()
    let widthUnits = reader.readUnsigned()
    let heightUnits = reader.readUnsigned()
    guard widthUnits < 1024, heightUnits < 1024 else { return nil }
    let isFrameOnly = reader.readFlag()
    if !isFrameOnly {
      _ = reader.readFlag()
      // log2_max_frame_num_minus4, and colour_plane_id before frame_num.
      facts.frameNumberBits =
        UInt8(truncatingIfNeeded: frameNumberBits) &+ 4 &+ (separatePlanes ? 2 : 0)
    }
    _ = reader.readFlag()
    let fieldFactor = isFrameOnly ? 1 : 2
    facts.width = (Int(widthUnits) &+ 1) &* 16
    facts.height = (Int(heightUnits) &+ 1) &* 16 &* fieldFactor
    if reader.readFlag() {
      // Cropping counts in chroma samples of frames (equations 7-19 to 7-22).
      let hasChroma = chroma != 0 && !separatePlanes
      let unitX = hasChroma && chroma < 3 ? 2 : 1
      let unitY = (hasChroma && chroma == 1 ? 2 : 1) &* fieldFactor
      let left = reader.readUnsigned()
      let right = reader.readUnsigned()
      let top = reader.readUnsigned()
      let bottom = reader.readUnsigned()
      facts.width &-= (Int(left) &+ Int(right)) &* unitX
      facts.height &-= (Int(top) &+ Int(bottom)) &* unitY
    }
    guard facts.hasBelievableSize, !reader.isExhausted else { return nil }
    if reader.readFlag() { readUsabilityInformation(&reader, &facts) }
    facts.isExact = reader.isAtTrailingBits()
    return facts
  }

  private static func skipScalingList(_ reader: inout BitReader, size: Int) {
    var last: Int32 = 8
    var next: Int32 = 8
    for _ in 0..<size {
      if next != 0 { next = (last &+ reader.readSigned() &+ 256) & 0xFF }
      if next != 0 { last = next }
      if reader.isExhausted { return }
    }
  }

  private static func readUsabilityInformation(
    _ reader: inout BitReader, _ facts: inout PictureFacts
  ) {
    if reader.readFlag(), reader.readBits(8) == 255 { reader.skipBits(32) }
    if reader.readFlag() { _ = reader.readFlag() }
    if reader.readFlag() {
      reader.skipBits(4)
      if reader.readFlag() { reader.skipBits(24) }
    }
    if reader.readFlag() {
      _ = reader.readUnsigned()
      _ = reader.readUnsigned()
    }
    if reader.readFlag() {
      let ticks = reader.readBits(32)
      let scale = reader.readBits(32)
      _ = reader.readFlag()
      if !reader.isExhausted {
        // One tick is a field: a frame lasts two (§E.2.1, equation D-2 and table E-6).
        facts.frameRateNumerator = UInt64(scale)
        facts.frameRateDenominator = UInt64(ticks) &* 2
      }
    }
    let hasNAL = reader.readFlag()
    if hasNAL { skipHypotheticalDecoder(&reader) }
    let hasVCL = reader.readFlag()
    if hasVCL { skipHypotheticalDecoder(&reader) }
    if hasNAL || hasVCL { _ = reader.readFlag() }
    _ = reader.readFlag()
    if reader.readFlag() {
      _ = reader.readFlag()
      for _ in 0..<6 { _ = reader.readUnsigned() }
    }
  }

  private static func skipHypotheticalDecoder(_ reader: inout BitReader) {
    let count = reader.readUnsigned()
    reader.skipBits(8)
    guard count < 32 else { return }
    for _ in 0...count {
      _ = reader.readUnsigned()
      _ = reader.readUnsigned()
      _ = reader.readFlag()
    }
    reader.skipBits(20)
  }

  static func profileText(_ facts: PictureFacts) -> String {
    switch facts.profile {
    case 66: facts.profileFlags & 0x40 != 0 ? "Constrained Baseline" : "Baseline"
    case 77: "Main"
    case 88: "Extended"
    case 100: "High"
    case 110: "High 10"
    case 122: "High 4:2:2"
    case 244: "High 4:4:4 Predictive"
    default: ""
    }
  }

  static func levelText(_ facts: PictureFacts) -> String {
    guard facts.level > 0 else { return "" }
    // Level 1b: 9, or 11 with constraint_set3_flag in the older profiles (§A.3.1).
    if facts.level == 9
      || (facts.level == 11 && facts.profile < 100 && facts.profileFlags & 0x10 != 0)
    {
      return "1b"
    }
    return "\(facts.level / 10).\(facts.level % 10)"
  }
}
