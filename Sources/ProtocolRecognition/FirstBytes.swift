// SPDX-License-Identifier: Apache-2.0

/// The values that the first byte of a protocol's messages can have.
///
/// Most bytes of most flows can begin two or three of the protocols; only these are asked.
struct FirstBytes: Sendable {
  private var bits: InlineArray<4, UInt64>

  /// Every value.
  static let any = FirstBytes(0x00...0xFF)

  /// The values of some ranges.
  init(_ ranges: ClosedRange<UInt8>...) {
    bits = InlineArray(repeating: 0)
    for range in ranges {
      for value in range { insert(value) }
    }
  }

  /// The first bytes of some texts, and single values.
  init(of texts: [ASCII], and values: UInt8...) {
    bits = InlineArray(repeating: 0)
    for text in texts { insert(text.bytes.byte(0)) }
    for value in values { insert(value) }
  }

  private mutating func insert(_ value: UInt8) {
    bits[Int(value >> 6)] |= (1 as UInt64) << UInt64(value & 63)
  }

  /// Whether a message may begin with `value`.
  func contains(_ value: UInt8) -> Bool {
    bits[Int(value >> 6)] >> UInt64(value & 63) & 1 != 0
  }
}
