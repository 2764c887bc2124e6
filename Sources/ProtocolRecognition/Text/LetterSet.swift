// SPDX-License-Identifier: Apache-2.0

/// The characters that a text has, case ignored, in one word: a text without the letters of
/// another cannot hold it, which spares most searches.
struct LetterSet: Sendable {
  private var bits: UInt64 = 0

  init(_ text: Span<UInt8>) {
    for index in text.indices { bits |= Self.bit(text[index]) }
  }

  private static func bit(_ byte: UInt8) -> UInt64 {
    // The low six bits; upper and lower case of a letter differ in bit 5.
    (1 as UInt64) << UInt64(byte & (byte & 0x40 == 0 ? 0x3F : 0x1F))
  }

  /// Whether `wanted` may stand in the text.
  func mayHold(_ wanted: LetteredText) -> Bool { wanted.letters.bits & ~bits == 0 }
}

/// A text to search for, with its letters.
struct LetteredText: ExpressibleByStringLiteral, Sendable {
  let text: ASCII
  let letters: LetterSet

  init(stringLiteral value: StaticString) {
    text = ASCII(stringLiteral: value)
    letters = LetterSet(text.bytes)
  }
}
