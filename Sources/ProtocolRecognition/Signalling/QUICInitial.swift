// SPDX-License-Identifier: Apache-2.0

/// The client's Initial packets of QUIC, whose keys anyone can derive from the first destination
/// connection identifier ([RFC 9001 §5.2](https://www.rfc-editor.org/rfc/rfc9001#section-5.2)).
struct QUICInitial {
  /// Bytes of the handshake put together from CRYPTO frames.
  static let maximumHandshake = 8_192
  /// Frames read of one packet; clients that shuffle their hello send a few dozen.
  static let maximumFrames = 128
  /// Authentication tag of AES-GCM.
  static let tagByteCount = 16

  private let keys: QUICKeys
  private var handshake: [UInt8] = []
  /// Ranges of `handshake` that were received, sorted, apart.
  private var received: [Range<Int>] = []

  /// The salt of a version, RFC 9001 §5.2, RFC 9369 §3.3.1 and the drafts; `nil` for versions with
  /// other rules.
  static func salt(_ version: UInt32) -> [UInt8]? {
    switch version {
    case 1:
      [
        0x38, 0x76, 0x2C, 0xF7, 0xF5, 0x59, 0x34, 0xB3, 0x4D, 0x17, 0x9A, 0xE6, 0xA4, 0xC8, 0x0C,
        0xAD, 0xCC, 0xBB, 0x7F, 0x0A,
      ]
    case 0x6B33_43CF:
      [
        0x0D, 0xED, 0xE3, 0xDE, 0xF7, 0x00, 0xA6, 0xDB, 0x81, 0x93, 0x81, 0xBE, 0x6E, 0x26, 0x9D,
        0xCB, 0xF9, 0xBD, 0x2E, 0xD9,
      ]
    case 0xFF00_001D...0xFF00_0020:
      [
        0xAF, 0xBF, 0xEC, 0x28, 0x99, 0x93, 0xD2, 0x4C, 0x9E, 0x97, 0x86, 0xF1, 0x9C, 0x61, 0x11,
        0xE0, 0x43, 0x90, 0xA8, 0x99,
      ]
    case 0xFF00_0017...0xFF00_001C, 0xFACE_B002, 0xFACE_B00E:
      [
        0xC3, 0xEE, 0xF7, 0x12, 0xC7, 0x2E, 0xBB, 0x5A, 0x11, 0xA7, 0xD2, 0x43, 0x2B, 0xB4, 0x63,
        0x65, 0xBE, 0xF9, 0xF5, 0x02,
      ]
    case 0xFF00_0015, 0xFF00_0016, 0xFACE_B001:
      [
        0x7F, 0xBC, 0xDB, 0x0E, 0x7C, 0x66, 0xBB, 0xE9, 0x19, 0x3A, 0x96, 0xCD, 0x21, 0x51, 0x9E,
        0xBD, 0x7A, 0x02, 0x64, 0x4A,
      ]
    default: nil
    }
  }

  /// Derives the client's keys of a connection.
  init?(version: UInt32, destination: [UInt8]) {
    guard let salt = Self.salt(version) else { return nil }
    keys = QUICKeys(version: version, salt: salt, destination: destination)
  }

  /// A variable-length integer, RFC 9000 §16, and the offset after it.
  static func integer(_ bytes: Span<UInt8>, _ offset: Int) -> (value: Int, end: Int)? {
    guard offset >= 0, offset < bytes.count else { return nil }
    let length = 1 &<< Int(bytes[offset] >> 6)
    guard offset &+ length <= bytes.count else { return nil }
    var value = Int(bytes[offset] & 0x3F)
    for index in 1..<max(length, 1) { value = value &<< 8 | Int(bytes[offset &+ index]) }
    return (value, offset &+ length)
  }

  /// Whether a datagram begins with an Initial packet of its version.
  static func isInitial(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 7, bytes[0] & 0xC0 == 0xC0 else { return false }
    return bytes[0] & 0x30 == (bytes.integer32(1) == 0x6B33_43CF ? 0x10 : 0)
  }

  /// The first destination connection identifier of a long header.
  static func destination(_ bytes: Span<UInt8>) -> [UInt8]? {
    let length = Int(bytes.byte(5))
    guard length <= 20, 6 &+ length <= bytes.count else { return nil }
    return bytes.array(6..<6 &+ length)
  }

  /// Reads the CRYPTO frames of an Initial packet; gives the ClientHello once it is whole enough.
  mutating func read(_ bytes: Span<UInt8>) -> ClientHello? {
    var offset = 6 &+ Int(bytes.byte(5))
    offset &+= 1 &+ Int(bytes.byte(offset))
    guard let token = Self.integer(bytes, offset) else { return nil }
    guard token.value <= bytes.count, let length = Self.integer(bytes, token.end &+ token.value)
    else { return nil }
    let start = length.end
    let end = min(bytes.count, start &+ min(length.value, bytes.count))
    // Header protection, RFC 9001 §5.4: a sample four bytes after the packet number.
    guard start &+ 20 <= end else { return nil }
    let sample = bytes.array(start &+ 4..<start &+ 4 &+ QUICKeys.blockByteCount)
    guard let mask = keys.mask(of: sample) else { return nil }
    let numberLength = Int((bytes[0] ^ mask[0]) & 3) &+ 1
    var number: UInt32 = 0
    for index in 0..<numberLength {
      number = number << 8 | UInt32(bytes[start &+ index] ^ mask[index &+ 1])
    }
    let first = start &+ numberLength
    let payload = bytes.array(first..<max(first, end &- Self.tagByteCount))
    guard let clear = keys.open(payload, number: number) else { return nil }
    return frames(clear.span)
  }

  private mutating func frames(_ bytes: Span<UInt8>) -> ClientHello? {
    var offset = 0
    var number = 0
    while offset < bytes.count, number < Self.maximumFrames {
      switch bytes[offset] {
      // PADDING and PING.
      case 0, 1: offset &+= 1
      case 2, 3:
        // ACK, seldom in a client's first packets.
        guard let largest = Self.integer(bytes, offset &+ 1),
          let delay = Self.integer(bytes, largest.end), let count = Self.integer(bytes, delay.end),
          let range = Self.integer(bytes, count.end), count.value == 0
        else { return nil }
        offset = range.end
      case 6:
        guard let place = Self.integer(bytes, offset &+ 1),
          let length = Self.integer(bytes, place.end),
          place.value &+ length.value <= Self.maximumHandshake,
          length.end &+ length.value <= bytes.count
        else { return nil }
        store(bytes, length.end..<length.end &+ length.value, at: place.value)
        offset = length.end &+ length.value
        number &+= 1
      default: return nil
      }
    }
    return hello()
  }

  private mutating func store(_ bytes: Span<UInt8>, _ range: Range<Int>, at place: Int) {
    guard !range.isEmpty else { return }
    let end = place &+ range.count
    while handshake.count < end { handshake.append(0) }
    for index in 0..<range.count { handshake[place &+ index] = bytes[range.lowerBound &+ index] }
    var merged = place..<end
    received.removeAll { other in
      guard other.lowerBound <= merged.upperBound, merged.lowerBound <= other.upperBound else {
        return false
      }
      merged =
        min(other.lowerBound, merged.lowerBound)..<max(other.upperBound, merged.upperBound)
      return true
    }
    received.append(merged)
  }

  private func hello() -> ClientHello? {
    guard let whole = received.first(where: { $0.lowerBound == 0 }), whole.count >= 4,
      handshake[0] == 1
    else { return nil }
    let span = handshake.span
    let length = span.integer24(1)
    guard 4 &+ length <= whole.upperBound else { return nil }
    return ClientHello(parsing: span.extracting(4..<4 &+ length), carrier: .quic)
  }
}
