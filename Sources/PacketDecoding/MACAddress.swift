// SPDX-License-Identifier: Apache-2.0

/// A 48-bit IEEE 802 address in the low bits of one word.
public struct MACAddress: Hashable, Sendable, BitwiseCopyable, Comparable {
  /// The 48 bits in transmission order; the upper 16 bits are zero.
  public let bits: UInt64

  /// Makes an address of its low 48 bits.
  @inlinable
  public init(bits: UInt64) {
    self.bits = bits & 0xFFFF_FFFF_FFFF
  }

  /// Whether the group bit is set (multicast and broadcast).
  public var isGroup: Bool { bits >> 40 & 1 == 1 }

  /// Whether the address was assigned locally (U/L bit), so that its prefix names no maker.
  public var isLocallyAdministered: Bool { bits >> 41 & 1 == 1 }

  /// Orders by value.
  public static func < (lhs: MACAddress, rhs: MACAddress) -> Bool { lhs.bits < rhs.bits }
}

extension MACAddress: CustomStringConvertible {
  /// Six pairs of lower-case hexadecimal digits separated by colons.
  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(17)
    for index in 0..<6 {
      let byte = Int(truncatingIfNeeded: bits >> UInt64(40 - 8 * index)) & 0xFF
      if index > 0 { text.append(UInt8(ascii: ":")) }
      text.append(digits[byte >> 4])
      text.append(digits[byte & 15])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
