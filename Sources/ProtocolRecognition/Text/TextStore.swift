// SPDX-License-Identifier: Apache-2.0

/// Short texts from packets, kept once while they recur soon, named by number.
///
/// A direct-mapped table of recent texts instead of a hash table: names recur within seconds, and
/// the log must cost little (DESIGN.md §3, "Names are announcements").
package struct TextStore: Sendable {
  /// Bytes kept; 64 MiB over 64 shards (DESIGN.md §9).
  static let maximumBytes = 1 << 20
  /// Slots of the table of recent texts.
  static let recentSlots = 1_024

  private var bytes: [UInt8] = []
  private var ends: [UInt32] = []
  private var recent: [UInt32] = []

  package init() {}

  /// Number of texts.
  package var count: Int { ends.count }

  /// The text with a number; empty for numbers that were never given.
  package subscript(index: UInt32) -> String {
    let index = Int(index)
    guard index < ends.count else { return "" }
    let start = index == 0 ? 0 : Int(ends[index - 1])
    return String(decoding: bytes[start..<Int(ends[index])], as: UTF8.self)
  }

  /// The bytes of the text with a number; none for numbers that were never given.
  @_lifetime(borrow self)
  package func bytes(_ index: UInt32) -> Span<UInt8> {
    let index = Int(index)
    guard index < ends.count else { return bytes.span.extracting(0..<0) }
    let start = index == 0 ? 0 : Int(ends[index - 1])
    return bytes.span.extracting(start..<Int(ends[index]))
  }

  /// Stores `text` (at most 255 bytes of it) and returns its number, or `nil` when full.
  package mutating func intern(_ text: Span<UInt8>) -> UInt32? {
    let length = min(text.count, 255)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in 0..<length { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01B3 }
    let slot = Int(truncatingIfNeeded: hash >> 32) & (Self.recentSlots - 1)
    if recent.isEmpty { recent = Array(repeating: UInt32.max, count: Self.recentSlots) }
    let known = Int(recent[slot])
    if known < ends.count {
      let start = known == 0 ? 0 : Int(ends[known - 1])
      if Int(ends[known]) - start == length {
        var index = 0
        while index < length, bytes[start + index] == text[index] { index += 1 }
        if index == length { return UInt32(known) }
      }
    }
    guard bytes.count + length <= Self.maximumBytes else { return nil }
    bytes.append(contentsOf: text, in: 0..<length)
    ends.append(UInt32(bytes.count))
    recent[slot] = UInt32(ends.count - 1)
    return UInt32(ends.count - 1)
  }
}
