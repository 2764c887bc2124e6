// SPDX-License-Identifier: Apache-2.0

extension Span where Element == UInt8 {
  /// The byte at `offset`, 0 outside the span.
  @inline(__always)
  func byte(_ offset: Int) -> UInt8 {
    offset >= 0 && offset < count ? self[offset] : 0
  }

  /// The big-endian 16-bit number at `offset`, 0 where it does not fit.
  @inline(__always)
  func integer16(_ offset: Int) -> Int {
    guard offset >= 0, offset <= count &- 2 else { return 0 }
    return Int(self[offset]) &<< 8 | Int(self[offset &+ 1])
  }

  /// The big-endian 24-bit number at `offset`, 0 where it does not fit.
  func integer24(_ offset: Int) -> Int {
    guard offset >= 0, offset <= count &- 3 else { return 0 }
    return Int(self[offset]) &<< 16 | Int(self[offset &+ 1]) &<< 8 | Int(self[offset &+ 2])
  }

  /// The big-endian 32-bit number at `offset`, 0 where it does not fit.
  @inline(__always)
  func integer32(_ offset: Int) -> Int {
    guard offset >= 0, offset <= count &- 4 else { return 0 }
    let high = Int(self[offset]) &<< 24 | Int(self[offset &+ 1]) &<< 16
    return high | Int(self[offset &+ 2]) &<< 8 | Int(self[offset &+ 3])
  }

  /// The little-endian 16-bit number at `offset`, 0 where it does not fit.
  func littleInteger16(_ offset: Int) -> Int {
    guard offset >= 0, offset <= count &- 2 else { return 0 }
    return Int(self[offset]) | Int(self[offset &+ 1]) &<< 8
  }

  /// The little-endian 32-bit number at `offset`, 0 where it does not fit.
  func littleInteger32(_ offset: Int) -> Int {
    littleInteger16(offset) | littleInteger16(offset &+ 2) &<< 16
  }

  /// The part from `lower` to `upper`, both clamped to the span.
  @inline(__always)
  @_lifetime(copy self)
  func part(_ lower: Int, _ upper: Int) -> Span<UInt8> {
    let end = Swift.max(0, Swift.min(upper, count))
    let start = Swift.max(0, Swift.min(lower, end))
    return extracting(start..<end)
  }

  /// The part from `lower` to the end, clamped to the span.
  @inline(__always)
  @_lifetime(copy self)
  func part(from lower: Int) -> Span<UInt8> { part(lower, count) }

  /// 64-bit FNV-1a of the bytes: tells a repeated parameter set from a new one.
  ///
  /// Not for security.
  func fingerprint() -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in indices { hash = (hash ^ UInt64(self[index])) &* 0x100_0000_01B3 }
    return hash
  }
}

extension [UInt8] {
  /// Appends the first bytes of `span`, at most `limit` of them.
  mutating func append(_ span: Span<UInt8>, limit: Int) {
    let taken = Swift.max(0, Swift.min(limit, span.count))
    reserveCapacity(count &+ taken)
    for index in 0..<taken { append(span[index]) }
  }
}
