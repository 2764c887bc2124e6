// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// Short texts from packets, kept once while they recur soon, named by number.
///
/// A direct-mapped table of recent texts instead of a hash table: names recur within seconds, and
/// the log must cost little (DESIGN.md §3, "Names are announcements").
package struct TextStore: Sendable {
  /// Bytes kept of one name (DESIGN.md §9).
  static let maximumName = 255
  /// Slots of the table of recent texts.
  static let recentSlots = 1_024
  /// Bytes allotted with the first text.
  private static let firstRoom = 4_096

  private let byteLimit: Int
  /// The texts, one after another, and room for more behind the first `byteCount` bytes.
  private var bytes: [UInt8] = []
  private var byteCount = 0
  private var ends: [UInt32] = []
  private var recent: [UInt32] = []

  /// A store as large as the names of a shard may be by default.
  package init() { self.init(maximumBytes: MemoryLimits.standard.nameBytes) }

  /// A store of at most `maximumBytes`, below 4 GiB.
  init(maximumBytes: Int) { byteLimit = maximumBytes }

  /// Number of texts.
  package var count: Int { ends.count }

  /// The text with a number; empty for numbers that were never given.
  package subscript(index: UInt32) -> String {
    let range = range(Int(index))
    return bytes.span.text(range, limit: range.count)
  }

  /// The bytes of the text with a number; none for numbers that were never given.
  @_lifetime(borrow self)
  package func bytes(_ index: UInt32) -> Span<UInt8> {
    bytes.span.extracting(range(Int(index)))
  }

  private func range(_ index: Int) -> Range<Int> {
    guard index < ends.count else { return 0..<0 }
    return (index == 0 ? 0 : Int(ends[index &- 1]))..<Int(ends[index])
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
    let (slot, known) = find(text)
    if let known { return known }
    guard !isBounded || byteCount &+ text.count <= byteLimit else { return nil }
    makeRoom(text.count)
    let place = byteCount
    do {
      var room = bytes.mutableSpan
      text.copy(to: &room, at: place)
    }
    return keep(text.count, slot)
  }

  /// Stores the text that `write` makes in place, and returns its number; `nil` when it makes none
  /// or the store is full.
  ///
  /// `write` is told where to begin and that there is room for `length` bytes and seven more; it
  /// answers how many it wrote.
  @inline(__always)
  mutating func store(
    upTo length: Int, _ write: (inout MutableSpan<UInt8>, Int) -> Int?
  ) -> UInt32? {
    makeRoom(length &+ 7)
    let place = byteCount
    var written: Int?
    do {
      var room = bytes.mutableSpan
      written = write(&room, place)
    }
    guard let written, written <= length else { return nil }
    let (slot, known) = find(bytes.span.extracting(place..<place &+ written))
    if let known { return known }
    guard place &+ written <= byteLimit else { return nil }
    return keep(written, slot)
  }

  /// The slot of a text, and its number if it was stored lately.
  @inline(__always)
  private func find(_ text: Span<UInt8>) -> (slot: Int, known: UInt32?) {
    let slot = Int(truncatingIfNeeded: text.mixed >> 32) & (Self.recentSlots - 1)
    guard slot < recent.count else { return (slot, nil) }
    let number = recent[slot]
    guard number < ends.count, bytes(number).hasSameBytes(as: text) else { return (slot, nil) }
    return (slot, number)
  }

  private mutating func makeRoom(_ length: Int) {
    let missing = byteCount &+ length &- bytes.count
    guard missing > 0 else { return }
    bytes.append(contentsOf: repeatElement(0, count: max(missing, bytes.count, Self.firstRoom)))
  }

  /// Makes the bytes behind the last text a text.
  @inline(__always)
  private mutating func keep(_ length: Int, _ slot: Int) -> UInt32 {
    if recent.isEmpty {
      recent = Array(repeating: UInt32.max, count: Self.recentSlots)
      ends.reserveCapacity(FlowLog.firstCapacity)
    }
    byteCount &+= length
    let number = UInt32(truncatingIfNeeded: ends.count)
    ends.append(UInt32(truncatingIfNeeded: byteCount))
    recent[slot] = number
    return number
  }
}
