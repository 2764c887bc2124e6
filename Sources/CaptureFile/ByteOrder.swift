// SPDX-License-Identifier: Apache-2.0

/// Byte order of a file or section, chosen once so that the walkers are specialised for it.
protocol ByteOrder {
  static func load16(_ bytes: Span<UInt8>, _ offset: Int) -> UInt16
  static func load32(_ bytes: Span<UInt8>, _ offset: Int) -> UInt32
  /// Puts 32 bits into the order of the machine.
  static func swapped(_ word: UInt32) -> UInt32
}

extension ByteOrder {
  /// `load32` for the loop over records, where the caller has guarded that all four bytes are there:
  /// its own checks are a third of what a record costs (measured).
  @inline(__always)
  static func guarded32(_ bytes: Span<UInt8>, _ offset: Int) -> UInt32 {
    assert(offset >= 0 && offset &+ 4 <= bytes.count)
    return swapped(
      unsafe bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
  }

  @inline(__always)
  static func load64(_ bytes: Span<UInt8>, _ offset: Int, highFirst: Bool) -> UInt64 {
    let first = UInt64(load32(bytes, offset))
    let second = UInt64(load32(bytes, offset &+ 4))
    return highFirst ? first << 32 | second : second << 32 | first
  }
}

enum LittleEndian: ByteOrder {
  @inline(__always)
  static func swapped(_ word: UInt32) -> UInt32 { UInt32(littleEndian: word) }

  @inline(__always)
  static func load16(_ bytes: Span<UInt8>, _ offset: Int) -> UInt16 {
    UInt16(bytes[offset]) | UInt16(bytes[offset &+ 1]) << 8
  }

  @inline(__always)
  static func load32(_ bytes: Span<UInt8>, _ offset: Int) -> UInt32 {
    let low = UInt32(bytes[offset]) | UInt32(bytes[offset &+ 1]) << 8
    return low | UInt32(bytes[offset &+ 2]) << 16 | UInt32(bytes[offset &+ 3]) << 24
  }
}

enum BigEndian: ByteOrder {
  @inline(__always)
  static func swapped(_ word: UInt32) -> UInt32 { UInt32(bigEndian: word) }

  @inline(__always)
  static func load16(_ bytes: Span<UInt8>, _ offset: Int) -> UInt16 {
    UInt16(bytes[offset]) << 8 | UInt16(bytes[offset &+ 1])
  }

  @inline(__always)
  static func load32(_ bytes: Span<UInt8>, _ offset: Int) -> UInt32 {
    let high = UInt32(bytes[offset]) << 24 | UInt32(bytes[offset &+ 1]) << 16
    return high | UInt32(bytes[offset &+ 2]) << 8 | UInt32(bytes[offset &+ 3])
  }
}
