// SPDX-License-Identifier: Apache-2.0

/// Compressed files that hold their content as it is, which every format allows.
package enum StoredCompression {
  /// One gzip member, RFC 1952, of stored blocks.
  package static func gzip(_ content: [UInt8]) -> [UInt8] {
    var file: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    var position = 0
    repeat {
      let end = min(position + 65_535, content.count)
      let length = UInt16(end - position)
      file.append(end == content.count ? 1 : 0)
      add(UInt64(length), 2, to: &file)
      add(UInt64(~length), 2, to: &file)
      file += content[position..<end]
      position = end
    } while position < content.count
    add(UInt64(crc32(content)), 4, to: &file)
    add(UInt64(content.count), 4, to: &file)
    return file
  }

  /// One Zstandard frame, RFC 8878, of raw blocks.
  package static func zstd(_ content: [UInt8]) -> [UInt8] {
    // No content size, no checksum, a window of 1 MiB.
    var file: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50]
    var position = 0
    repeat {
      let end = min(position + 100_000, content.count)
      let last = end == content.count ? 1 : 0
      add(UInt64((end - position) << 3 | last), 3, to: &file)
      file += content[position..<end]
      position = end
    } while position < content.count
    return file
  }

  /// One LZ4 frame of uncompressed blocks.
  package static func lz4(_ content: [UInt8]) -> [UInt8] {
    // Version 1, independent blocks of at most 64 KiB; the last byte is the header's checksum.
    var file: [UInt8] = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]
    var position = 0
    while position < content.count {
      let end = min(position + 65_536, content.count)
      add(UInt64(end - position) | 0x8000_0000, 4, to: &file)
      file += content[position..<end]
      position = end
    }
    add(0, 4, to: &file)
    return file
  }

  private static func add(_ value: UInt64, _ byteCount: Int, to file: inout [UInt8]) {
    for index in 0..<byteCount {
      file.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
    }
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0xedb8_8320 }
    }
    return ~crc
  }
}
