// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

struct FileError: Error, CustomStringConvertible {
  var path: String
  var operation: String
  var code: Int32

  var description: String {
    "\(path): \(operation): \(String(cString: strerror(code)))"
  }
}

/// Writes pcap (microseconds) or pcapng (nanoseconds), both little-endian.
final class CaptureWriter {
  enum Format: String {
    case pcap
    case pcapng
  }

  private static let capacity = 4 << 20
  private static let snapLength: UInt32 = 262_144

  private let path: String
  private let format: Format
  private let descriptor: Int32
  private let buffer: UnsafeMutablePointer<UInt8>
  private var used = 0
  private(set) var fileBytes = 0

  init(path: String, format: Format) throws(FileError) {
    self.path = path
    self.format = format
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    buffer = .allocate(capacity: Self.capacity)
    if descriptor < 0 { throw FileError(path: path, operation: "open", code: errno) }
    switch format {
    case .pcap:
      for word: UInt32 in [0xA1B2_C3D4, 0x0004_0002, 0, 0, Self.snapLength, 1] { append(word) }
    case .pcapng:
      // Section Header Block, section length unknown.
      for word: UInt32 in [0x0A0D_0D0A, 28, 0x1A2B_3C4D, 0x0000_0001, ~0, ~0, 28] { append(word) }
      // Interface Description Block: Ethernet, if_tsresol 9, end of options.
      for word: UInt32 in [1, 32, 1, Self.snapLength, 0x0001_0009, 9, 0, 32] { append(word) }
    }
  }

  deinit {
    buffer.deallocate()
    if descriptor >= 0 { close(descriptor) }
  }

  private func append(_ word: UInt32) {
    UnsafeMutableRawPointer(buffer + used).storeBytes(of: word.littleEndian, as: UInt32.self)
    used += 4
  }

  /// Appends one record; `time` in microseconds since 1970.
  func write(_ frame: UnsafePointer<UInt8>, count: Int, time: UInt64) throws(FileError) {
    if used + count + 64 > Self.capacity { try flush() }
    let padded = (count + 3) & ~3
    switch format {
    case .pcap:
      append(UInt32(truncatingIfNeeded: time / 1_000_000))
      append(UInt32(truncatingIfNeeded: time % 1_000_000))
      append(UInt32(count))
      append(UInt32(count))
      (buffer + used).update(from: frame, count: count)
      used += count
    case .pcapng:
      let nanoseconds = time * 1000
      append(6)
      append(UInt32(32 + padded))
      append(0)
      append(UInt32(truncatingIfNeeded: nanoseconds >> 32))
      append(UInt32(truncatingIfNeeded: nanoseconds))
      append(UInt32(count))
      append(UInt32(count))
      (buffer + used).update(from: frame, count: count)
      for index in count..<padded { buffer[used + index] = 0 }
      used += padded
      append(UInt32(32 + padded))
    }
  }

  func flush() throws(FileError) {
    var done = 0
    while done < used {
      #if canImport(Glibc)
      let count = Glibc.write(descriptor, buffer + done, used - done)
      #else
      let count = Darwin.write(descriptor, buffer + done, used - done)
      #endif
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, operation: "write", code: errno)
      }
      done += count
    }
    fileBytes += used
    used = 0
  }
}
