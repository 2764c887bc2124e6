// SPDX-License-Identifier: Apache-2.0

/// Short texts from packets, kept once while they recur soon, named by number.
///
/// A direct-mapped table of recent texts instead of a hash table: names recur within seconds, and
/// the log must cost little (DESIGN.md §3, "Names are announcements").
package struct TextStore: Sendable {
  /// Bytes kept of names; 64 MiB over 64 shards (DESIGN.md §9).
  static let maximumBytes = 1 << 20
  /// Bytes kept of one name (DESIGN.md §9).
  static let maximumName = 255
  /// Slots of the table of recent texts.
  static let recentSlots = 1_024

  private let byteLimit: Int
  private var bytes: [UInt8] = []
  private var ends: [UInt32] = []
  private var recent: [UInt32] = []

  package init() { self.init(maximumBytes: Self.maximumBytes) }

  /// A store of at most `maximumBytes`, below 4 GiB.
  init(maximumBytes: Int) { byteLimit = maximumBytes }

  /// Number of texts.
  package var count: Int { ends.count }

  /// The text with a number; empty for numbers that were never given.
  package subscript(index: UInt32) -> String {
    let index = Int(index)
    guard index < ends.count else { return "" }
    let start = index == 0 ? 0 : Int(ends[index - 1])
    return bytes.span.text(start..<Int(ends[index]), limit: bytes.count)
  }

  /// The bytes of the text with a number; none for numbers that were never given.
  @_lifetime(borrow self)
  package func bytes(_ index: UInt32) -> Span<UInt8> {
    let index = Int(index)
    guard index < ends.count else { return bytes.span.extracting(0..<0) }
    let start = index == 0 ? 0 : Int(ends[index - 1])
    return bytes.span.extracting(start..<Int(ends[index]))
  }

  /// Stores a name (at most 255 bytes of it) and returns its number, or `nil` when full.
  package mutating func intern(_ text: Span<UInt8>) -> UInt32? {
    text.count <= Self.maximumName
      ? store(text) : store(text.extracting(0..<Self.maximumName))
  }

  /// Stores a text of any length and returns its number, or `nil` when full.
  ///
  /// `isBounded` is false for the few texts that are made after the last packet.
  mutating func store(_ text: Span<UInt8>, isBounded: Bool = true) -> UInt32? {
    let slot = Int(truncatingIfNeeded: text.mixed >> 32) & (Self.recentSlots - 1)
    if recent.isEmpty { recent = Array(repeating: UInt32.max, count: Self.recentSlots) }
    let known = recent[slot]
    if known < ends.count, bytes(known).hasSameBytes(as: text) { return known }
    guard !isBounded || bytes.count + text.count <= byteLimit else { return nil }
    bytes.append(contentsOf: text)
    let number = UInt32(truncatingIfNeeded: ends.count)
    ends.append(UInt32(truncatingIfNeeded: bytes.count))
    recent[slot] = number
    return number
  }
}
