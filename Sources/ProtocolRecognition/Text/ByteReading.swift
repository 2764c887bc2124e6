// SPDX-License-Identifier: Apache-2.0

extension Span where Element == UInt8 {
  /// The byte at `offset`, 0 outside the span.
  func byte(_ offset: Int) -> UInt8 {
    guard offset >= 0, offset < count else { return 0 }
    return self[offset]
  }

  /// The big-endian 16-bit number at `offset`, 0 where it does not fit.
  func integer16(_ offset: Int) -> Int {
    guard offset >= 0, offset <= count &- 2 else { return 0 }
    return Int(self[offset]) << 8 | Int(self[offset &+ 1])
  }

  /// The big-endian 24-bit number at `offset`, 0 where it does not fit.
  func integer24(_ offset: Int) -> Int {
    guard offset >= 0, offset <= count &- 3 else { return 0 }
    return Int(self[offset]) << 16 | Int(self[offset &+ 1]) << 8 | Int(self[offset &+ 2])
  }

  /// The big-endian 32-bit number at `offset`, 0 where it does not fit.
  func integer32(_ offset: Int) -> UInt32 {
    guard offset >= 0, offset <= count &- 4 else { return 0 }
    return UInt32(self[offset]) << 24 | UInt32(self[offset &+ 1]) << 16
      | UInt32(self[offset &+ 2]) << 8 | UInt32(self[offset &+ 3])
  }

  /// The big-endian 64-bit number at `offset`, 0 where it does not fit.
  func integer64(_ offset: Int) -> UInt64 {
    guard offset >= 0, offset <= count &- 8 else { return 0 }
    return UInt64(integer32(offset)) << 32 | UInt64(integer32(offset &+ 4))
  }

  /// The little-endian 16-bit number at `offset`, 0 where it does not fit.
  func littleInteger16(_ offset: Int) -> Int { Int(UInt16(integer16(offset)).byteSwapped) }

  /// The little-endian 32-bit number at `offset`, 0 where it does not fit.
  func littleInteger32(_ offset: Int) -> UInt32 { integer32(offset).byteSwapped }

  /// Whether the bytes of `text` stand at `offset`.
  func has(_ text: ASCII, at offset: Int = 0) -> Bool {
    let wanted = text.bytes
    guard offset >= 0, offset <= count &- wanted.count else { return false }
    for index in wanted.indices where self[offset &+ index] != wanted[index] { return false }
    return true
  }

  /// Whether the bytes of `text` stand at `offset`, ASCII letters compared without case.
  func hasCaseInsensitive(_ text: ASCII, at offset: Int = 0) -> Bool {
    hasCaseInsensitive(text.bytes, at: offset)
  }

  /// Whether `wanted` stands at `offset`, ASCII letters compared without case.
  func hasCaseInsensitive(_ wanted: Span<UInt8>, at offset: Int) -> Bool {
    guard offset >= 0, offset <= count &- wanted.count else { return false }
    for index in wanted.indices {
      let left = self[offset &+ index]
      let right = wanted[index]
      if left != right, Self.lowerCase(left) != Self.lowerCase(right) { return false }
    }
    return true
  }

  /// The offset of the first occurrence of `text` in `range`, ASCII letters without case.
  func firstIndex(of text: ASCII, in range: Range<Int>) -> Int? {
    firstIndex(of: text.bytes, in: range)
  }

  /// The offset of the first occurrence of `text` in `range`, ASCII letters without case.
  func firstIndex(of text: Span<UInt8>, in range: Range<Int>) -> Int? {
    let length = text.count
    guard length > 0, range.lowerBound >= 0 else { return nil }
    let first = Self.lowerCase(text[0])
    let last = Swift.min(range.upperBound, count) &- length
    var index = range.lowerBound
    while index <= last {
      if Self.lowerCase(self[index]) == first, hasCaseInsensitive(text, at: index) { return index }
      index &+= 1
    }
    return nil
  }

  /// Whether the bytes are those of `other`.
  func hasSameBytes(as other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    for index in indices where self[index] != other[index] { return false }
    return true
  }

  /// The offset of the first `byte` in `range`.
  ///
  /// Eight bytes at a time: most of the cost of a message's head is to find its lines.
  func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    var index = Swift.max(range.lowerBound, 0)
    let end = Swift.min(range.upperBound, count)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let wanted = ones &* UInt64(byte)
    while index &+ 8 <= end {
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      let other = UInt64(littleEndian: word) ^ wanted
      // The lowest bit set belongs to the first byte that is zero.
      let found = (other &- ones) & ~other & (ones << 7)
      if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < end {
      if self[index] == byte { return index }
      index &+= 1
    }
    return nil
  }

  /// The bytes of `range` as text, at most `limit` of them; invalid UTF-8 becomes U+FFFD.
  func text(_ range: Range<Int>, limit: Int = 255) -> String {
    let lower = Swift.max(0, Swift.min(range.lowerBound, count))
    let upper = Swift.max(lower, Swift.min(range.upperBound, count, lower &+ limit))
    return unsafe extracting(lower..<upper).withUnsafeBufferPointer { bytes in
      unsafe String(decoding: bytes, as: UTF8.self)
    }
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
