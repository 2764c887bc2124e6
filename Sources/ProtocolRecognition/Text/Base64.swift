// SPDX-License-Identifier: Apache-2.0

/// Base64 text, [RFC 4648 §4](https://www.rfc-editor.org/rfc/rfc4648#section-4).
enum Base64 {
  /// The value of a base64 digit, URL-safe digits included, or `nil`.
  static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte &- UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte &- UInt8(ascii: "a")) &+ 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte &- UInt8(ascii: "0")) &+ 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }

  /// The bytes that the digits of `range` stand for; reading ends at the first other byte.
  static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>, limit: Int = 4_096) -> [UInt8] {
    var result: [UInt8] = []
    var word: UInt32 = 0
    var bits: UInt32 = 0
    for index in range.clamped(to: 0..<bytes.count) {
      guard let value = digit(bytes[index]), result.count < limit else { break }
      word = word &<< 6 | value
      bits &+= 6
      if bits >= 8 {
        bits &-= 8
        result.append(UInt8(truncatingIfNeeded: word &>> bits))
      }
    }
    return result
  }
}
