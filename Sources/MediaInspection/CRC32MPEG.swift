// SPDX-License-Identifier: Apache-2.0

/// CRC-32/MPEG-2 as program-specific information carries it (ISO/IEC 13818-1 Annex A):
/// polynomial 0x04C11DB7, start 0xFFFFFFFF, not reflected, no final inversion.
enum CRC32MPEG {
  private static let table: [UInt32] = (0..<256).map { index in
    var value = UInt32(index) << 24
    for _ in 0..<8 { value = value & 0x8000_0000 != 0 ? value << 1 ^ 0x04C1_1DB7 : value << 1 }
    return value
  }

  /// The remainder over `bytes`; 0 when the last four bytes are the right CRC of those before.
  static func remainder(_ bytes: Span<UInt8>) -> UInt32 {
    let table = table
    var crc: UInt32 = 0xFFFF_FFFF
    for index in bytes.indices {
      crc = crc &<< 8 ^ table[Int(UInt8(truncatingIfNeeded: crc &>> 24) ^ bytes[index])]
    }
    return crc
  }
}
