// SPDX-License-Identifier: Apache-2.0

/// The block cipher AES-128, encryption only ([FIPS 197](https://doi.org/10.6028/NIST.FIPS.197)),
/// for QUIC's Initial packets, whose keys are public.
struct AES128 {
  static let blockByteCount = 16

  private static let substitution: [UInt8] = {
    // The multiplicative inverse in GF(2^8), then the affine transformation of FIPS 197 §5.1.1.
    var table = [UInt8](repeating: 0x63, count: 256)
    var power: UInt8 = 1
    var inverse: UInt8 = 1
    repeat {
      // Multiply by 3 and by its inverse, 0xF6.
      power = power ^ power << 1 ^ (power & 0x80 != 0 ? 0x1B : 0)
      inverse ^= inverse << 1
      inverse ^= inverse << 2
      inverse ^= inverse << 4
      if inverse & 0x80 != 0 { inverse ^= 0x09 }
      var value = inverse
      for shift in 1...4 as ClosedRange<UInt8> {
        value ^= inverse << shift | inverse >> (8 - shift)
      }
      table[Int(power)] = value ^ 0x63
    } while power != 1
    return table
  }()

  private var roundKeys = InlineArray<176, UInt8>(repeating: 0)

  /// Expands a key of 16 bytes; shorter ones are filled with zero.
  init(key: [UInt8]) {
    for index in 0..<min(key.count, 16) { roundKeys[index] = key[index] }
    let table = Self.substitution.span
    var constant: UInt8 = 1
    for word in 4..<44 {
      var t0 = roundKeys[4 &* word &- 4]
      var t1 = roundKeys[4 &* word &- 3]
      var t2 = roundKeys[4 &* word &- 2]
      var t3 = roundKeys[4 &* word &- 1]
      if word % 4 == 0 {
        let first = t0
        t0 = table[Int(t1)] ^ constant
        t1 = table[Int(t2)]
        t2 = table[Int(t3)]
        t3 = table[Int(first)]
        constant = constant << 1 ^ (constant & 0x80 != 0 ? 0x1B : 0)
      }
      roundKeys[4 &* word] = roundKeys[4 &* word &- 16] ^ t0
      roundKeys[4 &* word &+ 1] = roundKeys[4 &* word &- 15] ^ t1
      roundKeys[4 &* word &+ 2] = roundKeys[4 &* word &- 14] ^ t2
      roundKeys[4 &* word &+ 3] = roundKeys[4 &* word &- 13] ^ t3
    }
  }

  private static func double(_ byte: UInt8) -> UInt8 {
    byte << 1 ^ (byte & 0x80 != 0 ? 0x1B : 0)
  }

  /// Enciphers one block.
  func encrypt(_ block: InlineArray<16, UInt8>) -> InlineArray<16, UInt8> {
    let table = Self.substitution.span
    var state = block
    for index in 0..<16 { state[index] ^= roundKeys[index] }
    for round in 1...10 {
      var shifted = InlineArray<16, UInt8>(repeating: 0)
      for column in 0..<4 {
        for row in 0..<4 {
          shifted[4 &* column &+ row] = table[Int(state[4 &* ((column &+ row) & 3) &+ row])]
        }
      }
      if round < 10 {
        for column in 0..<4 {
          let a = shifted[4 &* column]
          let b = shifted[4 &* column &+ 1]
          let c = shifted[4 &* column &+ 2]
          let d = shifted[4 &* column &+ 3]
          let all = a ^ b ^ c ^ d
          shifted[4 &* column] = a ^ all ^ Self.double(a ^ b)
          shifted[4 &* column &+ 1] = b ^ all ^ Self.double(b ^ c)
          shifted[4 &* column &+ 2] = c ^ all ^ Self.double(c ^ d)
          shifted[4 &* column &+ 3] = d ^ all ^ Self.double(d ^ a)
        }
      }
      for index in 0..<16 { state[index] = shifted[index] ^ roundKeys[16 &* round &+ index] }
    }
    return state
  }
}
