// SPDX-License-Identifier: Apache-2.0

/// Reads bits of a parameter set, most significant first (ITU-T H.264 §7.2).
///
/// Reading past the end gives zeros and sets ``isExhausted``; nothing traps, so a parser reads
/// straight through and asks once at the end.
struct BitReader: ~Escapable {
  private let bytes: Span<UInt8>
  private let removesEmulationPrevention: Bool
  private var index = 0
  private var current: UInt8 = 0
  private var bitsLeft = 0
  private var zeroBytes = 0
  /// Whether more bits were asked for than there are, or an Exp-Golomb code was too long.
  private(set) var isExhausted = false

  /// Reads `bytes`; with `removingEmulationPrevention` the 03 of each 00 00 03 is left out
  /// (H.264 §7.4.1.1, H.265 §7.4.2.1).
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, removingEmulationPrevention: Bool) {
    self.bytes = bytes
    removesEmulationPrevention = removingEmulationPrevention
  }

  @_lifetime(self: copy self)
  private mutating func loadByte() {
    guard index < bytes.count else {
      isExhausted = true
      current = 0
      bitsLeft = 8
      return
    }
    var byte = bytes[index]
    index &+= 1
    if removesEmulationPrevention, zeroBytes >= 2, byte == 3 {
      zeroBytes = 0
      guard index < bytes.count else {
        isExhausted = true
        current = 0
        bitsLeft = 8
        return
      }
      byte = bytes[index]
      index &+= 1
    }
    zeroBytes = byte == 0 ? zeroBytes &+ 1 : 0
    current = byte
    bitsLeft = 8
  }

  /// The next bit.
  @_lifetime(self: copy self)
  mutating func readFlag() -> Bool {
    if bitsLeft == 0 { loadByte() }
    bitsLeft &-= 1
    return current &>> UInt8(truncatingIfNeeded: bitsLeft) & 1 == 1
  }

  /// The next `count` bits, at most 32 of them.
  @_lifetime(self: copy self)
  mutating func readBits(_ count: Int) -> UInt32 {
    var value: UInt32 = 0
    var wanted = min(count, 32)
    while wanted > 0 {
      if bitsLeft == 0 { loadByte() }
      let taken = min(wanted, bitsLeft)
      let shift = UInt8(truncatingIfNeeded: bitsLeft &- taken)
      let mask = UInt16(1) &<< UInt16(truncatingIfNeeded: taken) &- 1
      let part = UInt16(current &>> shift) & mask
      value = value &<< UInt32(truncatingIfNeeded: taken) | UInt32(part)
      bitsLeft &-= taken
      wanted &-= taken
    }
    return value
  }

  /// Passes over `count` bits.
  @_lifetime(self: copy self)
  mutating func skipBits(_ count: Int) {
    var left = count
    while left > 0, !isExhausted {
      let step = min(left, 32)
      _ = readBits(step)
      left &-= step
    }
  }

  /// An unsigned Exp-Golomb code, ue(v) (H.264 §9.1).
  @_lifetime(self: copy self)
  mutating func readUnsigned() -> UInt32 {
    var zeros = 0
    while !readFlag() {
      zeros &+= 1
      if zeros > 31 || isExhausted {
        isExhausted = true
        return 0
      }
    }
    guard zeros > 0 else { return 0 }
    return (UInt32(1) &<< UInt32(truncatingIfNeeded: zeros)) &- 1 &+ readBits(zeros)
  }

  /// A signed Exp-Golomb code, se(v) (H.264 §9.1.1).
  @_lifetime(self: copy self)
  mutating func readSigned() -> Int32 {
    let code = readUnsigned()
    let magnitude = Int32(truncatingIfNeeded: (code &+ 1) &>> 1)
    return code & 1 == 1 ? magnitude : 0 &- magnitude
  }

  /// Whether exactly the stop bit and zero bits are left (H.264 §7.3.2.11).
  @_lifetime(self: copy self)
  mutating func isAtTrailingBits() -> Bool {
    guard !isExhausted, readFlag(), !isExhausted else { return false }
    while bitsLeft > 0 {
      if readFlag() { return false }
    }
    while index < bytes.count {
      guard bytes[index] == 0 else { return false }
      index &+= 1
    }
    return true
  }
}
