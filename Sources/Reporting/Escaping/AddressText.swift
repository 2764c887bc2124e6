// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

extension [UInt8] {
  private static let hexadecimal = Array("0123456789abcdef".utf8)

  /// Appends the text of an address, as its `description` is, without making a string.
  mutating func append(_ address: IPAddress) {
    if let bits = address.v4 {
      append(decimal: UInt64(bits >> 24))
      var shift: UInt32 = 24
      while shift > 0 {
        shift -= 8
        append(UInt8(ascii: "."))
        append(decimal: UInt64(bits >> shift & 0xFF))
      }
      return
    }
    let zeros = Self.longestZeros(address)
    var index = 0
    while index < 8 {
      if index == zeros.lowerBound, !zeros.isEmpty {
        append(UInt8(ascii: ":"))
        append(UInt8(ascii: ":"))
        index = zeros.upperBound
        continue
      }
      if index > 0, index != zeros.upperBound || zeros.isEmpty { append(UInt8(ascii: ":")) }
      append(hexadecimal: Self.group(address, index))
      index += 1
    }
  }

  /// Appends the text of an address, as its `description` is, without making a string.
  mutating func append(_ address: MACAddress) {
    var shift: UInt64 = 48
    while shift > 0 {
      if shift < 48 { append(UInt8(ascii: ":")) }
      shift -= 8
      append(Self.hexadecimal[Int(truncatingIfNeeded: address.bits >> (shift + 4)) & 15])
      append(Self.hexadecimal[Int(truncatingIfNeeded: address.bits >> shift) & 15])
    }
  }

  private static func group(_ address: IPAddress, _ index: Int) -> UInt16 {
    let word = index < 4 ? address.high : address.low
    return UInt16(truncatingIfNeeded: word >> UInt64(48 - 16 * (index & 3)))
  }

  /// The groups that `::` stands for: the first of the longest runs of two or more zero groups
  /// ([RFC 5952 §4.2](https://www.rfc-editor.org/rfc/rfc5952#section-4.2)).
  private static func longestZeros(_ address: IPAddress) -> Range<Int> {
    var best = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, group(address, end) == 0 { end += 1 }
      if end - start >= 2, end - start > best.count { best = start..<end }
      start = end + 1
    }
    return best
  }

  private mutating func append(hexadecimal group: UInt16) {
    var shift: UInt16 = 12
    while shift > 0, group >> shift == 0 { shift -= 4 }
    while true {
      append(Self.hexadecimal[Int(group >> shift) & 15])
      if shift == 0 { return }
      shift -= 4
    }
  }
}
