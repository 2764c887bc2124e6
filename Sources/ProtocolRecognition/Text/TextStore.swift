// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// Short texts from packets, kept once while they recur soon, named by the place where they stand.
///
/// A direct-mapped table of recent texts instead of a hash table: names recur within seconds, and
/// the log must cost little (DESIGN.md §3, "Names are announcements"). Texts are asked for all over
/// a log that is larger than the processor's caches, so that what is needed of one lies together:
/// a new text costs the line of its slot, a known one that and its own.
package struct TextStore: Sendable {
  /// Bytes kept of one name (DESIGN.md §9).
  static let maximumName = 255
  /// Bytes kept of any text: what the two bytes before it can tell.
  static let maximumText = 65_535
  /// Slots of the table of recent texts, as a power of two: 2 KiB a shard, so that the tables of all
  /// shards stay in the processor's second cache.
  private static let recentBits = 8
  /// Bytes made ready for texts at once.
  private static let room = 4_096
  /// Bytes of the length before each text.
  private static let lengthBytes = 2

  /// A text stored lately, by a part of its hash that the slot does not tell.
  private struct Recent: BitwiseCopyable {
    var tag: UInt32 = 0
    var number = UInt32.max
  }

  private let byteLimit: Int
  /// The texts, one after another, each behind its length, and room for more behind the first
  /// `byteCount` bytes.
  private var bytes: [UInt8] = []
  private var byteCount = 0
  private var recent: [Recent] = []

  /// A store as large as the names of a shard may be by default.
  package init() { self.init(maximumBytes: MemoryLimits.standard.nameBytes) }

  /// A store of at most `maximumBytes`, lengths included, below 4 GiB.
  init(maximumBytes: Int) { byteLimit = maximumBytes }

  /// The text with a number; empty for numbers behind the last one.
  package subscript(index: UInt32) -> String {
    let text = bytes(index)
    return text.text(0..<text.count, limit: text.count)
  }

  /// The bytes of the text with a number; none for numbers behind the last one.
  @_lifetime(borrow self)
  package func bytes(_ index: UInt32) -> Span<UInt8> {
    let start = Int(index) &+ Self.lengthBytes
    let all = bytes.span
    guard start <= byteCount else { return all.extracting(0..<0) }
    return all.extracting(start..<min(byteCount, start &+ all.integer16(Int(index))))
  }

  @inline(__always)
  fileprivate func withBytes<Answer>(of index: UInt32, _ look: (Span<UInt8>) -> Answer) -> Answer {
    look(bytes(index))
  }

  /// Stores a name (at most 255 bytes of it) and returns its number, or `nil` when full.
  package mutating func intern(_ text: Span<UInt8>) -> UInt32? {
    text.count <= Self.maximumName
      ? store(text) : store(text.extracting(0..<Self.maximumName))
  }

  /// Stores a text (at most 65,535 bytes of it) and returns its number, or `nil` when full.
  ///
  /// `isBounded` is false for the few texts that are made after the last packet.
  mutating func store(_ whole: Span<UInt8>, isBounded: Bool = true) -> UInt32? {
    let text = whole.extracting(0..<min(whole.count, Self.maximumText))
    let hash = text.mixed
    if let known = find(text, hash) { return known }
    guard !isBounded || byteCount &+ Self.lengthBytes &+ text.count <= byteLimit else {
      return nil
    }
    let number = put(text)
    remember(number, hash)
    return number
  }

  /// Adds a text (at most 65,535 bytes of it) without looking whether it is known or there is room,
  /// and returns its number.
  package mutating func append(_ text: Span<UInt8>) -> UInt32 {
    put(text.extracting(0..<min(text.count, Self.maximumText)))
  }

  /// Stores the text that `write` makes in place, and returns its number; `nil` when it makes none
  /// or the store is full.
  ///
  /// `write` is told where to begin and that there is room for `length` bytes, at most 65,535, and
  /// seven more; it answers how many it wrote.
  @inline(__always)
  mutating func store(
    upTo length: Int, _ write: (inout MutableSpan<UInt8>, Int) -> Int?
  ) -> UInt32? {
    makeRoom(length &+ 7)
    let place = byteCount &+ Self.lengthBytes
    var written: Int?
    do {
      var room = bytes.mutableSpan
      written = write(&room, place)
    }
    guard let written, written <= length else { return nil }
    let hash = bytes.span.extracting(place..<place &+ written).mixed
    if let known = find(bytes.span.extracting(place..<place &+ written), hash) { return known }
    guard place &+ written <= byteLimit else { return nil }
    do {
      var room = bytes.mutableSpan
      Self.write(written, to: &room, at: place)
    }
    let number = take(written)
    remember(number, hash)
    return number
  }

  /// The number of a text if it was stored lately.
  @inline(__always)
  private func find(_ text: Span<UInt8>, _ hash: UInt64) -> UInt32? {
    let slot = Self.slot(hash)
    guard slot < recent.count else { return nil }
    let entry = recent[slot]
    guard entry.tag == UInt32(truncatingIfNeeded: hash), bytes(entry.number).hasSameBytes(as: text)
    else { return nil }
    return entry.number
  }

  @inline(__always)
  private static func slot(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash >> UInt64(64 - recentBits))
  }

  private mutating func makeRoom(_ length: Int) {
    let missing = byteCount &+ Self.lengthBytes &+ length &- bytes.count
    guard missing > 0 else { return }
    // Few at once, as they are touched; the memory behind them is not until then. What is not
    // bounded here grows by doubling beyond the limit: by pieces it would be copied for each.
    let isBelowLimit = bytes.count < byteLimit
    let room = max(missing, isBelowLimit ? min(Self.room, byteLimit &- bytes.count) : Self.room)
    if bytes.count &+ room > bytes.capacity {
      let more = isBelowLimit ? min(bytes.count &* 8, byteLimit) : bytes.count &* 2
      bytes.reserveCapacity(max(bytes.count &+ room, more))
    }
    bytes.append(contentsOf: repeatElement(0, count: room))
  }

  /// Writes the length of the text at `place` before it.
  @inline(__always)
  private static func write(_ length: Int, to room: inout MutableSpan<UInt8>, at place: Int) {
    room[place &- 2] = UInt8(truncatingIfNeeded: length >> 8)
    room[place &- 1] = UInt8(truncatingIfNeeded: length)
  }

  /// Puts a text behind the last one.
  @inline(__always)
  private mutating func put(_ text: Span<UInt8>) -> UInt32 {
    makeRoom(text.count)
    let place = byteCount &+ Self.lengthBytes
    do {
      var room = bytes.mutableSpan
      Self.write(text.count, to: &room, at: place)
      text.copy(to: &room, at: place)
    }
    return take(text.count)
  }

  /// Makes a text of its length and bytes, which stand behind the last text.
  @inline(__always)
  private mutating func take(_ length: Int) -> UInt32 {
    let number = UInt32(truncatingIfNeeded: byteCount)
    byteCount &+= Self.lengthBytes &+ length
    return number
  }

  @inline(__always)
  private mutating func remember(_ number: UInt32, _ hash: UInt64) {
    if recent.isEmpty { recent = Array(repeating: Recent(), count: 1 << Self.recentBits) }
    recent[Self.slot(hash)] = Recent(tag: UInt32(truncatingIfNeeded: hash), number: number)
  }
}

/// A store that no longer changes and is one of several: a reference, because an element of an array
/// would be copied for each look at its bytes.
package final class SharedTexts: Sendable {
  private let texts: TextStore

  /// Shares a store.
  package init(_ texts: TextStore) { self.texts = texts }

  /// Looks at the bytes of the text with a number; at none for numbers behind the last one.
  package func withBytes<Answer>(of index: UInt32, _ look: (Span<UInt8>) -> Answer) -> Answer {
    texts.withBytes(of: index, look)
  }

  /// Whether the text with a number has the same bytes as another.
  package func hasText(_ index: UInt32, theSameAs other: Span<UInt8>) -> Bool {
    texts.withBytes(of: index) { $0.hasSameBytes(as: other) }
  }
}
