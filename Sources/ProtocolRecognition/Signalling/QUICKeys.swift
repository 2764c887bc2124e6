// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import CryptoExtras

/// The keys that protect a client's Initial packets
/// ([RFC 9001 §5.2](https://www.rfc-editor.org/rfc/rfc9001#section-5.2)).
///
/// They keep nothing secret: anyone who saw the first packet can derive them.
struct QUICKeys {
  /// AES-128-GCM, RFC 9001 §5.3.
  static let keyByteCount = 16
  static let vectorByteCount = 12
  static let blockByteCount = 16
  /// QUIC version 2, whose labels differ (RFC 9369 §3.3.2).
  static let secondVersion: UInt32 = 0x6B33_43CF

  let key: [UInt8]
  let vector: [UInt8]
  let header: [UInt8]

  /// Derives the client's keys from the first destination connection identifier.
  init(version: UInt32, salt: [UInt8], destination: [UInt8]) {
    let prefix = version == Self.secondVersion ? "quicv2" : "quic"
    let initial = HKDF<SHA256>.extract(
      inputKeyMaterial: SymmetricKey(data: destination), salt: salt)
    let client = Self.expand(Array(initial), label: "client in", count: SHA256.byteCount)
    key = Self.expand(client, label: prefix + " key", count: Self.keyByteCount)
    vector = Self.expand(client, label: prefix + " iv", count: Self.vectorByteCount)
    header = Self.expand(client, label: prefix + " hp", count: Self.keyByteCount)
  }

  /// HKDF-Expand-Label with an empty context
  /// ([RFC 8446 §7.1](https://www.rfc-editor.org/rfc/rfc8446#section-7.1)).
  private static func expand(_ secret: [UInt8], label: String, count: Int) -> [UInt8] {
    let name = Array("tls13 ".utf8) + Array(label.utf8)
    let information = [UInt8(count >> 8), UInt8(count & 255), UInt8(name.count)] + name + [0]
    let expanded = HKDF<SHA256>.expand(
      pseudoRandomKey: secret, info: information, outputByteCount: count)
    return unsafe expanded.withUnsafeBytes { unsafe Array($0) }
  }

  /// The mask of header protection: the block cipher of `sample` (RFC 9001 §5.4.3).
  ///
  /// Counter mode ciphers its counter, so that the key stream at the counter `sample` is the mask.
  func mask(of sample: [UInt8]) -> [UInt8]? {
    Self.counterMode([UInt8](repeating: 0, count: Self.blockByteCount), header, sample)
  }

  /// Deciphers the payload of packet `number`, without its authentication tag.
  ///
  /// The tag is not checked, because captures cut packets: a wrong key gives no frames.
  func open(_ payload: [UInt8], number: UInt32) -> [UInt8]? {
    var counter = vector
    for index in 0..<4 {
      counter[Self.vectorByteCount &- 4 &+ index] ^= UInt8(
        truncatingIfNeeded: number >> UInt32(24 &- 8 &* index))
    }
    // AES-GCM enciphers in counter mode from 2 on (NIST SP 800-38D §7.1).
    return Self.counterMode(payload, key, counter + [0, 0, 0, 2])
  }

  /// AES in counter mode; its own inverse.
  private static func counterMode(
    _ bytes: [UInt8], _ key: [UInt8], _ counter: [UInt8]
  ) -> [UInt8]? {
    guard let nonce = try? AES._CTR.Nonce(nonceBytes: counter),
      let result = try? AES._CTR.encrypt(bytes, using: SymmetricKey(data: key), nonce: nonce)
    else { return nil }
    return Array(result)
  }
}
