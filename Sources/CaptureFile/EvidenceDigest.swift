// SPDX-License-Identifier: Apache-2.0

internal import Crypto

/// SHA-256 of an input as it lies on disk, fed in order.
final class EvidenceDigest {
  private var hash = SHA256()

  func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe hash.update(bufferPointer: bytes)
  }

  /// Bytes that are read at once: 1 MiB.
  static let step = 1 << 20

  /// Reads a regular file from its start to its end, beside whatever else reads it.
  ///
  /// Returns nil when `isCancelled` says so, which is asked before every `step` bytes.
  static func digest(
    of file: OpenFile, isCancelled: () -> Bool
  ) -> (hexadecimal: String, byteCount: UInt64)? {
    let digest = EvidenceDigest()
    let source = FileByteSource(file, digest: digest)
    let buffer = Block(byteCount: step)
    repeat {
      if isCancelled() { return nil }
      buffer.clear()
      buffer.append(from: source, to: buffer.capacity)
    } while buffer.count > 0
    return (digest.hexadecimal(), source.position)
  }

  /// The digest as 64 lower-case hexadecimal digits.
  func hexadecimal() -> String {
    SHA256Hex.text(of: hash.finalize())
  }
}

/// SHA-256 as text.
package enum SHA256Hex {
  /// The digest of `bytes` as 64 lower-case hexadecimal digits.
  package static func digest(of bytes: [UInt8]) -> String {
    text(of: SHA256.hash(data: bytes))
  }

  /// The digest of the UTF-8 of `text` as 64 lower-case hexadecimal digits.
  package static func digest(of string: String) -> String {
    digest(of: Array(string.utf8))
  }

  fileprivate static func text(of digest: SHA256Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
