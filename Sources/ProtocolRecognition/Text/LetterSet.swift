// SPDX-License-Identifier: Apache-2.0

/// The characters that a text has, case ignored, in one word: a text without the letters of
/// another cannot hold it, which spares most searches.
struct LetterSet: Sendable {
  fileprivate var bits: UInt64 = 0

  init(_ text: Span<UInt8>) {
    for index in text.indices { bits |= Self.bit(text[index]) }
  }

  @inline(__always)
  private static func bit(_ byte: UInt8) -> UInt64 {
    // The low six bits; upper and lower case of a letter differ in bit 5.
    (1 as UInt64) << UInt64(byte & (0x3F ^ byte >> 1 & 0x20))
  }

  /// Whether `character` may stand in the text.
  func mayHold(_ character: UInt8) -> Bool { bits & Self.bit(character) != 0 }
}

extension LetterSet {
  /// Whether `wanted` may stand in the text.
  func mayHold(_ wanted: LetteredText) -> Bool { wanted.letters.bits & ~bits == 0 }
}

/// A text to search for, with its letters.
struct LetteredText: ExpressibleByStringLiteral, Sendable {
  let text: ASCII
  fileprivate let letters: LetterSet

  init(stringLiteral value: StaticString) {
    text = ASCII(stringLiteral: value)
    letters = LetterSet(text.bytes)
  }
}

/// Several texts to search for; that none of them may stand in a text is one short loop.
struct LetteredTexts: ExpressibleByArrayLiteral, Sendable {
  private let texts: [ASCII]
  private let letters: [UInt64]

  init(arrayLiteral texts: ASCII...) {
    self.texts = texts
    letters = texts.map { LetterSet($0.bytes).bits }
  }

  /// Whether one of them may stand in a text with these letters.
  func mayStand(in text: LetterSet) -> Bool {
    let absent = ~text.bits
    let letters = letters.span
    // Most stand in none, so that all are looked at; without branches that is quicker.
    var found = 0
    for index in letters.indices { found |= letters[index] & absent == 0 ? 1 : 0 }
    return found != 0
  }

  /// The first of them that stands in `text`, case ignored.
  func first(in text: Span<UInt8>, _ letters: LetterSet) -> ASCII? {
    for index in texts.indices where self.letters[index] & ~letters.bits == 0 {
      if text.firstIndex(of: texts[index], in: 0..<text.count) != nil { return texts[index] }
    }
    return nil
  }
}
