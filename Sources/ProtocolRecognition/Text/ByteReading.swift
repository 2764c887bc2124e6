// SPDX-License-Identifier: Apache-2.0

extension Span where Element == UInt8 {
  /// The byte at `offset`, 0 outside the span.
  @inline(__always)
  func byte(_ offset: Int) -> UInt8 {
    guard offset >= 0, offset < count else { return 0 }
    return self[offset]
  }

  /// The big-endian 16-bit number at `offset`, 0 where it does not fit.
  @inline(__always)
  func integer16(_ offset: Int) -> Int {
    guard offset >= 0, offset <= count &- 2 else { return 0 }
    return Int(self[offset]) << 8 | Int(self[offset &+ 1])
  }

  /// The big-endian 24-bit number at `offset`, 0 where it does not fit.
  @inline(__always)
  func integer24(_ offset: Int) -> Int {
    guard offset >= 0, offset <= count &- 3 else { return 0 }
    return Int(self[offset]) << 16 | Int(self[offset &+ 1]) << 8 | Int(self[offset &+ 2])
  }

  /// The big-endian 32-bit number at `offset`, 0 where it does not fit.
  @inline(__always)
  func integer32(_ offset: Int) -> UInt32 {
    guard offset >= 0, offset <= count &- 4 else { return 0 }
    return UInt32(self[offset]) << 24 | UInt32(self[offset &+ 1]) << 16
      | UInt32(self[offset &+ 2]) << 8 | UInt32(self[offset &+ 3])
  }

  /// The big-endian 64-bit number at `offset`, 0 where it does not fit.
  @inline(__always)
  func integer64(_ offset: Int) -> UInt64 {
    guard offset >= 0, offset <= count &- 8 else { return 0 }
    return UInt64(integer32(offset)) << 32 | UInt64(integer32(offset &+ 4))
  }

  /// The little-endian 16-bit number at `offset`, 0 where it does not fit.
  func littleInteger16(_ offset: Int) -> Int { Int(UInt16(integer16(offset)).byteSwapped) }

  /// The little-endian 32-bit number at `offset`, 0 where it does not fit.
  func littleInteger32(_ offset: Int) -> UInt32 { integer32(offset).byteSwapped }

  /// Whether the bytes of `text` stand at `offset`.
  ///
  /// Inlined: a text that is a constant is compared with a few constants.
  @inline(__always)
  func has(_ text: ASCII, at offset: Int = 0) -> Bool {
    let wanted = text.bytes
    guard offset >= 0, offset <= count &- wanted.count else { return false }
    return allWords(of: wanted, at: offset) { $0 == $1 }
  }

  /// Whether the bytes of `text` stand at `offset`, ASCII letters compared without case.
  @inline(__always)
  func hasCaseInsensitive(_ text: ASCII, at offset: Int = 0) -> Bool {
    hasCaseInsensitive(text.bytes, at: offset)
  }

  /// Whether `wanted` stands at `offset`, ASCII letters compared without case.
  @inline(__always)
  func hasCaseInsensitive(_ wanted: Span<UInt8>, at offset: Int) -> Bool {
    guard offset >= 0, offset <= count &- wanted.count else { return false }
    return allWords(of: wanted, at: offset) {
      $0 == $1 || Self.lowerCase($0) == Self.lowerCase($1)
    }
  }

  /// Whether `areEqual` holds for the bytes of `wanted` and those at `offset`, which must be there;
  /// up to eight of each at a time, some of them twice.
  @inline(__always)
  private func allWords(
    of wanted: Span<UInt8>, at offset: Int, _ areEqual: (UInt64, UInt64) -> Bool
  ) -> Bool {
    let length = wanted.count
    if length >= 8 {
      // The last eight again are quicker than one at a time.
      let last = length &- 8
      var index = 0
      while index < last {
        guard areEqual(word(offset &+ index), wanted.word(index)) else { return false }
        index &+= 8
      }
      return areEqual(word(offset &+ last), wanted.word(last))
    }
    if length >= 4 {
      return areEqual(halfWords(offset, offset &+ length &- 4), wanted.halfWords(0, length &- 4))
    }
    for index in 0..<length
    where !areEqual(UInt64(self[offset &+ index]), UInt64(wanted[index])) { return false }
    return true
  }

  /// The offset of the first occurrence of `text` in `range`, ASCII letters without case.
  func firstIndex(of text: ASCII, in range: Range<Int>) -> Int? {
    firstIndex(of: text.bytes, in: range)
  }

  /// The offset of the first occurrence of `text` in `range`, ASCII letters without case.
  ///
  /// Looks for the first character eight bytes at a time.
  func firstIndex(of text: Span<UInt8>, in range: Range<Int>) -> Int? {
    let length = text.count
    guard length > 0, range.lowerBound >= 0 else { return nil }
    let first = Self.lowerCase(text[0])
    let last = Swift.min(range.upperBound, count) &- length
    let fold: UInt8 = first >= 0x61 && first <= 0x7A ? 0x20 : 0
    var index = range.lowerBound
    while index <= last, let found = firstIndex(of: first, ignoring: fold, in: index..<last &+ 1) {
      if hasCaseInsensitive(text, at: found) { return found }
      index = found &+ 1
    }
    return nil
  }

  /// Eight bytes at `offset`, which must be there, in the order of the machine.
  @inline(__always)
  private func word(_ offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset <= count &- 8)
    return unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
  }

  /// Four bytes each at two offsets, which must be there, in the order of the machine.
  @inline(__always)
  private func halfWords(_ first: Int, _ second: Int) -> UInt64 {
    precondition(first >= 0 && first <= second && second <= count &- 4)
    let low = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: first, as: UInt32.self)
    let high = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: second, as: UInt32.self)
    return UInt64(high) << 32 | UInt64(low)
  }

  /// Whether the bytes are those of `other`.
  package func hasSameBytes(as other: Span<UInt8>) -> Bool {
    count == other.count && allWords(of: other, at: 0) { $0 == $1 }
  }

  /// Copies `count` bytes from `start` on, ASCII letters in lower case, eight at a time: up to seven
  /// bytes more are written behind them where there is room.
  @inline(__always)
  func copyLowerCase(
    from start: Int, count length: Int, to text: inout MutableSpan<UInt8>, at place: Int
  ) {
    // Labels of names are short.
    if length <= 8, start >= 0, start &+ 8 <= count, place >= 0, place &+ 8 <= text.count {
      text.store(Self.lowerCase(word(start)), at: place)
    } else {
      copyLongLowerCase(from: start, count: length, to: &text, at: place)
    }
  }

  @inline(never)
  private func copyLongLowerCase(
    from start: Int, count length: Int, to text: inout MutableSpan<UInt8>, at place: Int
  ) {
    copy(from: start, count: length, to: &text, at: place) { Self.lowerCase($0) }
  }

  /// Copies all bytes, eight at a time: up to seven bytes more are written behind them where there
  /// is room.
  @inline(__always)
  func copy(to text: inout MutableSpan<UInt8>, at place: Int) {
    copy(from: 0, count: count, to: &text, at: place) { $0 }
  }

  @inline(__always)
  private func copy(
    from start: Int, count length: Int, to text: inout MutableSpan<UInt8>, at place: Int,
    _ change: (UInt64) -> UInt64
  ) {
    var index = 0
    while index < length {
      let from = start &+ index
      let to = place &+ index
      if from &+ 8 <= count, to &+ 8 <= text.count {
        text.store(change(word(from)), at: to)
        index &+= 8
      } else if length >= 8, start &+ length <= count, place &+ length <= text.count {
        // The last eight again are quicker than one at a time.
        text.store(change(word(start &+ length &- 8)), at: place &+ length &- 8)
        return
      } else {
        text[to] = UInt8(truncatingIfNeeded: change(UInt64(self[from])))
        index &+= 1
      }
    }
  }

  /// Eight bytes with the ASCII letters among them in lower case.
  private static func lowerCase(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let low = word & (ones &* 0x7F)
    // Bit 7 of each byte: at least A, above Z.
    let isLetter = (low &+ ones &* (0x80 - 0x41)) & ~(low &+ ones &* (0x7F - 0x5A)) & ~word
    return word | (isLetter & (ones &* 0x80)) >> 2
  }

  /// The bytes mixed into a number, for tables in memory: a fixed rule, but not one for output,
  /// because it depends on the byte order of the machine.
  @inline(__always)
  var mixed: UInt64 {
    var hash = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    var index = 0
    while index &+ 8 <= count {
      hash = (hash ^ word(index)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      index &+= 8
    }
    if count >= 8 {
      hash = (hash ^ word(count &- 8)) &* 0x9E37_79B9_7F4A_7C15
    } else {
      while index < count {
        hash = (hash ^ UInt64(self[index])) &* 0x100_0000_01B3
        index &+= 1
      }
      hash = hash &* 0x9E37_79B9_7F4A_7C15
    }
    return hash ^ hash >> 32
  }

  /// A hash that nobody can foresee who does not know the seed, and whether all bytes are ASCII.
  package func hashed(seed: UInt64) -> (hash: UInt64, isASCII: Bool) {
    func folded(_ value: UInt64) -> UInt64 {
      let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      return product.high ^ product.low
    }
    var hash = seed ^ UInt64(truncatingIfNeeded: count)
    var all: UInt64 = 0
    var last: UInt64 = 0
    if count >= 8 {
      var index = 0
      while index < count &- 8 {
        let word = word(index)
        all |= word
        hash = folded(hash ^ word)
        index &+= 8
      }
      last = word(count &- 8)
    } else {
      for index in indices { last = last << 8 | UInt64(self[index]) }
    }
    all |= last
    return (folded(folded(hash ^ last) ^ seed), all & 0x8080_8080_8080_8080 == 0)
  }

  /// The offset of the first `byte` in `range`.
  ///
  /// Sixteen bytes at a time: most of the cost of a message's head is to find its lines.
  @inline(__always)
  func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    firstIndex(in: range) { $0 .== SIMD16(repeating: byte) }
  }

  /// The offset of the first byte in `range` that is `byte` when the bits of `fold` are set.
  package func firstIndex(
    of byte: UInt8, ignoring fold: UInt8, in range: Range<Int>
  ) -> Int? {
    firstIndex(in: range) { ($0 | SIMD16(repeating: fold)) .== SIMD16(repeating: byte) }
  }

  /// The offset of the first space or tabulator in `range`.
  @inline(__always)
  func firstBlank(in range: Range<Int>) -> Int? {
    firstIndex(in: range) { ($0 .== SIMD16(repeating: 0x20)) .| ($0 .== SIMD16(repeating: 0x09)) }
  }

  /// The offset of the first slash, colon or at sign in `range`: what ends the host of a URL, or
  /// says that there is more than a host.
  func firstDelimiterOfHost(in range: Range<Int>) -> Int? {
    firstIndex(in: range) {
      ($0 .== SIMD16(repeating: 0x2F)) .| ($0 .== SIMD16(repeating: 0x3A))
        .| ($0 .== SIMD16(repeating: 0x40))
    }
  }

  /// The offset of the first byte in `range` that is among those that `find` finds in sixteen.
  @inline(__always)
  private func firstIndex(
    in range: Range<Int>, _ find: (SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>>
  ) -> Int? {
    var index = Swift.max(range.lowerBound, 0)
    let end = Swift.min(range.upperBound, count)
    // Blocks may reach over the end of the range, not over that of the bytes.
    let lastBlock = count &- 16
    while index < end, index <= lastBlock {
      if let place = Self.first(find(block(index))) {
        return index &+ place < end ? index &+ place : nil
      }
      index &+= 16
    }
    guard index < end else { return nil }
    if lastBlock >= 0 {
      // The last sixteen bytes, without those before `index`.
      guard let place = Self.first(find(block(lastBlock)), from: index &- lastBlock) else {
        return nil
      }
      return lastBlock &+ place < end ? lastBlock &+ place : nil
    }
    while index < end {
      if find(SIMD16(repeating: self[index]))[0] { return index }
      index &+= 1
    }
    return nil
  }

  /// Sixteen bytes at `offset`, which must be there.
  @inline(__always)
  private func block(_ offset: Int) -> SIMD16<UInt8> {
    precondition(offset >= 0 && offset <= count &- 16)
    return unsafe bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: offset, as: SIMD16<UInt8>.self)
  }

  /// The number of the first byte of sixteen that is marked, from the one with number `start` on.
  @inline(__always)
  private static func first(
    _ marks: SIMDMask<SIMD16<Int8>>, from start: Int = 0
  ) -> Int? {
    let words = unsafe unsafeBitCast(marks, to: SIMD2<UInt64>.self)
    guard words[0] | words[1] != 0 else { return nil }
    let low = start < 8 ? UInt64(littleEndian: words[0]) & UInt64.max &<< UInt64(8 &* start) : 0
    if low != 0 { return low.trailingZeroBitCount / 8 }
    let rest = start < 8 ? UInt64.max : UInt64.max &<< UInt64(8 &* (start &- 8))
    let high = UInt64(littleEndian: words[1]) & rest
    return high != 0 ? 8 &+ high.trailingZeroBitCount / 8 : nil
  }

  /// The first twelve bytes as big-endian numbers of eight and four; `nil` of fewer.
  @inline(__always)
  var leadingWords: (high: UInt64, low: UInt32)? {
    guard count >= 12 else { return nil }
    let low = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt32.self)
    return (UInt64(bigEndian: word(0)), UInt32(bigEndian: low))
  }

  /// The bytes of `range` as text, at most `limit` of them; invalid UTF-8 becomes U+FFFD.
  package func text(_ range: Range<Int>, limit: Int = 255) -> String {
    let lower = Swift.max(0, Swift.min(range.lowerBound, count))
    let upper = Swift.max(lower, Swift.min(range.upperBound, count, lower &+ limit))
    return unsafe extracting(lower..<upper).withUnsafeBufferPointer { bytes in
      unsafe String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Which of some beginnings stands at `offset`, the first of them.
  func beginning(of texts: Beginnings, at offset: Int = 0) -> ASCII? {
    guard offset >= 0, offset <= count &- 8 else {
      for text in texts.texts where has(text, at: offset) { return text }
      return nil
    }
    let first = UInt64(littleEndian: word(offset))
    for index in texts.words.indices
    where first & texts.words[index].mask == texts.words[index].value {
      let text = texts.texts[index]
      if text.bytes.count <= 8 || has(text, at: offset) { return text }
    }
    return nil
  }

  /// A copy of the bytes of `range`, clamped to the span.
  func array(_ range: Range<Int>) -> [UInt8] {
    let lower = Swift.max(0, Swift.min(range.lowerBound, count))
    let upper = Swift.max(lower, Swift.min(range.upperBound, count))
    var bytes: [UInt8] = []
    bytes.append(contentsOf: self, in: lower..<upper)
    return bytes
  }

  private static func lowerCase(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }
}

extension MutableSpan where Element == UInt8 {
  /// Writes eight bytes at `offset`, in the order of the machine.
  @_lifetime(self: copy self)
  fileprivate mutating func store(_ word: UInt64, at offset: Int) {
    var bytes = unsafe mutableBytes
    bytes.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
  }
}

extension [UInt8] {
  /// Appends the bytes of `range`, which must lie inside `span`.
  mutating func append(contentsOf span: Span<UInt8>, in range: Range<Int>) {
    let part = span.extracting(range)
    unsafe part.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// Appends all bytes of `span`.
  mutating func append(contentsOf span: Span<UInt8>) {
    append(contentsOf: span, in: 0..<span.count)
  }
}

/// ASCII text to compare packet bytes with.
///
/// The bytes stay where the compiler put them: nothing is copied or allocated for a literal.
struct ASCII: ExpressibleByStringLiteral, Sendable {
  private let text: StaticString

  init(stringLiteral value: StaticString) { text = value }

  /// The bytes of the text.
  var bytes: Span<UInt8> {
    @_lifetime(immortal)
    get {
      let bytes = unsafe Span(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount)
      return unsafe _overrideLifetime(bytes, copying: ())
    }
  }
}

/// Texts that bytes are compared with at one place, eight bytes at a time.
struct Beginnings: Sendable {
  fileprivate let texts: [ASCII]
  /// The first eight bytes of each, and which of them count.
  fileprivate let words: [(value: UInt64, mask: UInt64)]

  init(_ texts: [ASCII]) {
    self.texts = texts
    words = texts.map { text in
      var value: UInt64 = 0
      var mask: UInt64 = 0
      for index in 0..<min(text.bytes.count, 8) {
        value |= UInt64(text.bytes[index]) << UInt64(8 * index)
        mask |= 0xFF << UInt64(8 * index)
      }
      return (value, mask)
    }
  }
}
