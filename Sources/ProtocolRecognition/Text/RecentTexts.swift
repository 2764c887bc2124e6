// SPDX-License-Identifier: Apache-2.0

/// Strings made lately of packet bytes, so that the programs and hosts of thousands of connections
/// are kept once: a direct-mapped table, whose answer is the same text whether it was found or not.
struct RecentTexts {
  /// Texts remembered in a shard.
  private static let slots = 256

  private var texts: [String] = []

  /// The text of `bytes`; invalid UTF-8 becomes U+FFFD.
  mutating func text(_ bytes: Span<UInt8>) -> String {
    // Up to 15 bytes stand in the string itself.
    if bytes.count <= 15 { return bytes.text(0..<bytes.count) }
    if texts.isEmpty { texts = Array(repeating: "", count: Self.slots) }
    let slot = Self.slot(bytes)
    if texts[slot].utf8.span.hasSameBytes(as: bytes) { return texts[slot] }
    let text = bytes.text(0..<bytes.count, limit: bytes.count)
    texts[slot] = text
    return text
  }

  /// A slot by length, beginning, middle and end: a bad choice costs a string, nothing else.
  private static func slot(_ bytes: Span<UInt8>) -> Int {
    let words =
      bytes.integer64(0) ^ bytes.integer64(bytes.count - 8) &* 3
      ^ bytes.integer64(bytes.count / 2 - 4) &* 5
    let mixed = (words ^ UInt64(truncatingIfNeeded: bytes.count)) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed >> 56)
  }
}
