// SPDX-License-Identifier: Apache-2.0

/// SHA-256 ([FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4)) and what QUIC derives keys with:
/// HMAC ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104)) and HKDF
/// ([RFC 5869](https://www.rfc-editor.org/rfc/rfc5869)).
///
/// Of short public inputs only: QUIC's Initial keys protect nothing, everyone can derive them.
enum SHA256 {
  static let digestByteCount = 32
  static let blockByteCount = 64

  private static let constants: [UInt32] = [
    0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4,
    0xAB1C_5ED5, 0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE,
    0x9BDC_06A7, 0xC19B_F174, 0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F,
    0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA, 0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7,
    0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967, 0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC,
    0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85, 0xA2BF_E8A1, 0xA81A_664B,
    0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070, 0x19A4_C116,
    0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
    0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7,
    0xC671_78F2,
  ]

  /// The digest of `message`.
  static func digest(_ message: [UInt8]) -> [UInt8] {
    var padded = message
    padded.append(0x80)
    while padded.count % blockByteCount != 56 { padded.append(0) }
    let bits = UInt64(message.count) &* 8
    for shift in stride(from: 56, through: 0, by: -8) {
      padded.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    var state: InlineArray<8, UInt32> = [
      0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
      0x5BE0_CD19,
    ]
    for start in stride(from: 0, to: padded.count, by: blockByteCount) {
      compress(&state, padded.span.extracting(start..<start + blockByteCount))
    }
    var digest: [UInt8] = []
    digest.reserveCapacity(digestByteCount)
    for index in 0..<8 {
      for shift in [24, 16, 8, 0] as [UInt32] {
        digest.append(UInt8(truncatingIfNeeded: state[index] &>> shift))
      }
    }
    return digest
  }

  private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word &>> count | word &<< (32 &- count)
  }

  private static func compress(_ state: inout InlineArray<8, UInt32>, _ block: Span<UInt8>) {
    var words = InlineArray<64, UInt32>(repeating: 0)
    for index in 0..<16 { words[index] = block.integer32(4 &* index) }
    for index in 16..<64 {
      let early = words[index &- 15]
      let late = words[index &- 2]
      let first = rotate(early, 7) ^ rotate(early, 18) ^ early &>> 3
      let second = rotate(late, 17) ^ rotate(late, 19) ^ late &>> 10
      words[index] = words[index &- 16] &+ first &+ words[index &- 7] &+ second
    }
    var a = state[0]
    var b = state[1]
    var c = state[2]
    var d = state[3]
    var e = state[4]
    var f = state[5]
    var g = state[6]
    var h = state[7]
    let constants = constants.span
    for index in 0..<64 {
      let sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let choice = (e & f) ^ (~e & g)
      let first = h &+ sum1 &+ choice &+ constants[index] &+ words[index]
      let sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      h = g
      g = f
      f = e
      e = d &+ first
      d = c
      c = b
      b = a
      a = first &+ sum0 &+ majority
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
    state[5] &+= f
    state[6] &+= g
    state[7] &+= h
  }

  /// HMAC of `message`; keys here are shorter than a block.
  static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    var inner = [UInt8](repeating: 0x36, count: blockByteCount)
    var outer = [UInt8](repeating: 0x5C, count: blockByteCount)
    for index in 0..<min(key.count, blockByteCount) {
      inner[index] ^= key[index]
      outer[index] ^= key[index]
    }
    return digest(outer + digest(inner + message))
  }

  /// HKDF-Expand-Label of TLS 1.3 ([RFC 8446 §7.1](https://www.rfc-editor.org/rfc/rfc8446)) with an
  /// empty context, up to 32 bytes.
  static func expand(_ secret: [UInt8], label: String, count: Int) -> [UInt8] {
    let name = Array("tls13 ".utf8) + Array(label.utf8)
    let info = [UInt8(count >> 8), UInt8(count & 255), UInt8(name.count)] + name + [0, 1]
    return Array(authenticate(info, key: secret).prefix(count))
  }
}
