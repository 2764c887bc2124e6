// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Takes an input apart as ``FuzzInput`` puts it together.
struct InputReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next byte; 0 after the end.
  mutating func byte() -> UInt8 {
    guard position < bytes.count else { return 0 }
    defer { position += 1 }
    return bytes[position]
  }

  /// The next two bytes in network order.
  mutating func word() -> Int { Int(byte()) << 8 | Int(byte()) }

  /// The next piece, or nil at the end.
  mutating func piece() -> FuzzInput.Piece? {
    guard position < bytes.count else { return nil }
    let control = byte()
    let length = min(word(), bytes.count - position)
    defer { position += length }
    return FuzzInput.Piece(control: control, bytes: Array(bytes[position..<position + length]))
  }
}
