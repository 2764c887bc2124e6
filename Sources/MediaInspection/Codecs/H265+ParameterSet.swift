// SPDX-License-Identifier: Apache-2.0

/// Video and sequence parameter sets of ITU-T H.265 §7.3.2.1 and §7.3.2.2, VUI timing of §E.2.1.
extension H265 {
  /// Reads a video parameter set without its NAL header: its timing, zeros when it states none;
  /// nil when a value is out of its range.
  static func videoParameterSet(_ bytes: Span<UInt8>) -> (scale: UInt64, ticks: UInt64)? {
    var reader = BitReader(bytes, removingEmulationPrevention: true)
    reader.skipBits(4)
    reader.skipBits(2)
    _ = reader.readBits(6)
    let subLayers = Int(reader.readBits(3))
    guard subLayers <= 6 else { return nil }
    _ = reader.readFlag()
    guard reader.readBits(16) == 0xFFFF else { return nil }
    var facts = PictureFacts()
    guard readProfile(&reader, subLayers: subLayers, &facts) else { return nil }
    let hasAll = reader.readFlag()
    for _ in (hasAll ? 0 : subLayers)...subLayers {
      for _ in 0..<3 { _ = reader.readUnsigned() }
    }
    let layers = Int(reader.readBits(6)) &+ 1
    let sets = reader.readUnsigned()
    guard sets < 1024, !reader.isExhausted else { return nil }
    reader.skipBits(Int(sets) &* layers)
    guard !reader.isExhausted else { return nil }
    guard reader.readFlag() else { return (0, 0) }
    let ticks = reader.readBits(32)
    let scale = reader.readBits(32)
    return reader.isExhausted ? (0, 0) : (UInt64(scale), UInt64(ticks))
  }

  /// profile_tier_level(1, subLayers) (§7.3.3): 96 bits, then those of the sub-layers.
  private static func readProfile(
    _ reader: inout BitReader, subLayers: Int, _ facts: inout PictureFacts
  ) -> Bool {
    let space = reader.readBits(2)
    let tier = reader.readBits(1)
    facts.profile = Int(reader.readBits(5))
    let compatibility = reader.readBits(32)
    reader.skipBits(48)
    facts.level = Int(reader.readBits(8))
    facts.profileFlags = Int(tier)
    if facts.profile == 0 {
      // Some encoders state only compatibility flags; take the lowest that is set.
      facts.profile = (1...11).first { compatibility &>> UInt32(31 - $0) & 1 == 1 } ?? 0
    }
    // general_level_idc is 30 times the level: 1 to 6.2, 8.5 for none (§A.4.1).
    guard space == 0, 1...11 ~= facts.profile, facts.level % 3 == 0,
      30...186 ~= facts.level || facts.level == 255
    else { return false }
    guard subLayers > 0 else { return true }
    var bits = 0
    for _ in 0..<subLayers {
      if reader.readFlag() { bits &+= 88 }
      if reader.readFlag() { bits &+= 8 }
    }
    reader.skipBits((8 &- subLayers) &* 2 &+ bits)
    return !reader.isExhausted
  }

  /// Reads a sequence parameter set without its NAL header; nil when a value is out of its range.
  static func sequenceParameterSet(_ bytes: Span<UInt8>) -> PictureFacts? {
    var reader = BitReader(bytes, removingEmulationPrevention: true)
    var facts = PictureFacts()
    reader.skipBits(4)
    let subLayers = Int(reader.readBits(3))
    guard subLayers <= 6 else { return nil }
    _ = reader.readFlag()
    guard readProfile(&reader, subLayers: subLayers, &facts), reader.readUnsigned() < 16 else {
      return nil
    }
    let chroma = reader.readUnsigned()
    guard chroma <= 3 else { return nil }
    let separatePlanes = chroma == 3 ? reader.readFlag() : false
    let width = reader.readUnsigned()
    let height = reader.readUnsigned()
    guard width <= 32768, height <= 32768 else { return nil }
    facts.width = Int(width)
    facts.height = Int(height)
    if reader.readFlag() {
      // The conformance window counts in chroma samples (equation 7-44, table 6-1).
      let unitX = !separatePlanes && (chroma == 1 || chroma == 2) ? 2 : 1
      let unitY = !separatePlanes && chroma == 1 ? 2 : 1
      let left = reader.readUnsigned()
      let right = reader.readUnsigned()
      let top = reader.readUnsigned()
      let bottom = reader.readUnsigned()
      facts.width &-= (Int(left) &+ Int(right)) &* unitX
      facts.height &-= (Int(top) &+ Int(bottom)) &* unitY
    }
    guard facts.hasBelievableSize, reader.readUnsigned() <= 8, reader.readUnsigned() <= 8 else {
      return nil
    }
    let orderBits = Int(reader.readUnsigned()) &+ 4
    guard orderBits <= 16 else { return nil }
    let hasAll = reader.readFlag()
    for _ in (hasAll ? 0 : subLayers)...subLayers {
      for _ in 0..<3 { _ = reader.readUnsigned() }
    }
    for _ in 0..<4 {
      guard reader.readUnsigned() <= 6 else { return nil }
    }
    guard reader.readUnsigned() <= 4, reader.readUnsigned() <= 4, !reader.isExhausted else {
      return nil
    }
    // From here on only timing is wanted: a set that goes wrong later still gave its size.
    readTiming(&reader, orderBits: orderBits, &facts)
    return facts
  }

  private static func readTiming(
    _ reader: inout BitReader, orderBits: Int, _ facts: inout PictureFacts
  ) {
    if reader.readFlag(), reader.readFlag() { skipScalingLists(&reader) }
    reader.skipBits(2)
    if reader.readFlag() {
      reader.skipBits(8)
      _ = reader.readUnsigned()
      _ = reader.readUnsigned()
      _ = reader.readFlag()
    }
    guard skipReferenceSets(&reader) else { return }
    if reader.readFlag() {
      let count = reader.readUnsigned()
      guard count <= 32 else { return }
      reader.skipBits(Int(count) &* (orderBits &+ 1))
    }
    reader.skipBits(2)
    guard reader.readFlag() else { return }
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
    reader.skipBits(3)
    if reader.readFlag() {
      for _ in 0..<4 { _ = reader.readUnsigned() }
    }
    guard reader.readFlag() else { return }
    let ticks = reader.readBits(32)
    let scale = reader.readBits(32)
    guard !reader.isExhausted else { return }
    facts.frameRateNumerator = UInt64(scale)
    facts.frameRateDenominator = UInt64(ticks)
    facts.isExact = true
  }

  /// scaling_list_data (§7.3.4).
  private static func skipScalingLists(_ reader: inout BitReader) {
    for size in 0..<4 {
      for _ in 0..<(size == 3 ? 2 : 6) {
        if !reader.readFlag() {
          _ = reader.readUnsigned()
        } else {
          if size > 1 { _ = reader.readSigned() }
          for _ in 0..<min(64, 1 << (4 + size * 2)) { _ = reader.readSigned() }
        }
        if reader.isExhausted { return }
      }
    }
  }

  /// The short-term reference picture sets (§7.3.7), whose length depends on the set before.
  private static func skipReferenceSets(_ reader: inout BitReader) -> Bool {
    let count = reader.readUnsigned()
    guard count <= 64 else { return false }
    var previous: UInt32 = 0
    for index in 0..<count {
      if index > 0, reader.readFlag() {
        _ = reader.readFlag()
        _ = reader.readUnsigned()
        var used: UInt32 = 0
        for _ in 0...previous {
          if reader.readFlag() {
            used &+= 1
          } else if reader.readFlag() {
            used &+= 1
          }
        }
        previous = used
      } else {
        let negative = reader.readUnsigned()
        let positive = reader.readUnsigned()
        guard negative <= 16, positive <= 16 else { return false }
        for _ in 0..<(negative &+ positive) {
          _ = reader.readUnsigned()
          _ = reader.readFlag()
        }
        previous = negative &+ positive
      }
      guard !reader.isExhausted, previous <= 32 else { return false }
    }
    return true
  }

  static func profileText(_ facts: PictureFacts) -> String {
    switch facts.profile {
    case 1: "Main"
    case 2: "Main 10"
    case 3: "Main Still Picture"
    case 4: "Range Extensions"
    case 5: "High Throughput"
    case 9: "Screen Content"
    default: facts.profile > 0 ? "profile \(facts.profile)" : ""
    }
  }

  static func levelText(_ facts: PictureFacts) -> String {
    guard facts.level > 0, facts.level < 255 else { return "" }
    let text = "\(facts.level / 30).\(facts.level % 30 / 3)"
    return facts.profileFlags & 1 == 1 ? text + " High" : text
  }
}
