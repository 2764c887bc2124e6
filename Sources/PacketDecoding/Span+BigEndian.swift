// SPDX-License-Identifier: Apache-2.0

/// Integers in network order; the caller has guarded the length, so the checks fold away.
extension Span<UInt8> {
  /// The 16 bits at `offset`.
  @inline(__always)
  func uint16(at offset: Int) -> UInt16 {
    UInt16(self[offset]) &<< 8 | UInt16(self[offset &+ 1])
  }

  /// The 32 bits at `offset`.
  @inline(__always)
  func uint32(at offset: Int) -> UInt32 {
    let high = UInt32(self[offset]) &<< 24 | UInt32(self[offset &+ 1]) &<< 16
    return high | UInt32(self[offset &+ 2]) &<< 8 | UInt32(self[offset &+ 3])
  }

  /// The 48 bits at `offset`, as a MAC address is written.
  @inline(__always)
  func uint48(at offset: Int) -> UInt64 {
    UInt64(uint16(at: offset)) &<< 32 | UInt64(uint32(at: offset &+ 2))
  }

  /// The 64 bits at `offset`.
  @inline(__always)
  func uint64(at offset: Int) -> UInt64 {
    let high = UInt64(self[offset]) &<< 56 | UInt64(self[offset &+ 1]) &<< 48
    let middle = UInt64(self[offset &+ 2]) &<< 40 | UInt64(self[offset &+ 3]) &<< 32
    let low = UInt64(self[offset &+ 4]) &<< 24 | UInt64(self[offset &+ 5]) &<< 16
    return high | middle | low | UInt64(self[offset &+ 6]) &<< 8 | UInt64(self[offset &+ 7])
  }

  /// The 16 bits at `offset` in little-endian order, as some capture pseudo-headers are written.
  @inline(__always)
  func littleEndian16(at offset: Int) -> UInt16 {
    UInt16(self[offset &+ 1]) &<< 8 | UInt16(self[offset])
  }

  /// The 32 bits at `offset` in little-endian order.
  @inline(__always)
  func littleEndian32(at offset: Int) -> UInt32 {
    UInt32(littleEndian16(at: offset &+ 2)) &<< 16 | UInt32(littleEndian16(at: offset))
  }
}

// The module's only unsafe code: loads of several bytes whose presence the caller has guarded.

/// Integers in network order without a check of their own, for `CommonPath`: put together of single
/// bytes, a word of which only parts are used becomes as many loads and checks again, and what
/// contains them is not inlined any more (measured: a quarter of the decoder's instructions).
extension Span<UInt8> {
  /// The 32 bits at `offset`; the caller has guarded that all four bytes are there.
  @inline(__always)
  func guardedUInt32(at offset: Int) -> UInt32 {
    assert(offset >= 0 && offset &+ 4 <= count)
    return unsafe UInt32(
      bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
  }

  /// The 64 bits at `offset`; the caller has guarded that all eight bytes are there.
  @inline(__always)
  func guardedUInt64(at offset: Int) -> UInt64 {
    assert(offset >= 0 && offset &+ 8 <= count)
    return unsafe UInt64(
      bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }
}
