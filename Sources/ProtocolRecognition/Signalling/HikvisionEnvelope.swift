// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// The envelope 9EBAACE9 that EZVIZ and Hik-Connect put around XML: local SDK (ports 9010, 9020),
/// their own STUN (UDP 6002), cloud replay (camera-protocols.md B1).
///
/// ```
/// magic, version, sequence, type, command, encryption, length, reserved: eight 32-bit words
/// ```
enum HikvisionEnvelope {
  static let headerByteCount = 32
  static let magic: UInt32 = 0x9EBA_ACE9
  /// Longest body read; these messages hold a few hundred bytes.
  static let maximumBody = 65_536

  /// Opens the replay of stored footage.
  static let replay: UInt32 = 0x5003
  /// Begins a live view, and sets up its stream.
  static let preview: UInt32 = 0x2011
  static let streamSetup: UInt32 = 0x3105

  /// Whether a header begins at `offset`; the version is 1, in either byte order.
  static func isHeader(_ bytes: Span<UInt8>, at offset: Int) -> Bool {
    guard offset &+ headerByteCount <= bytes.count, bytes.integer32(offset) == magic else {
      return false
    }
    let version = bytes.integer32(offset &+ 4)
    return (version == 0x0100_0000 || version == 1)
      && bytes.integer32(offset &+ 24) <= UInt32(maximumBody)
  }

  /// Length of the body after the header at `offset`.
  static func bodyLength(_ bytes: Span<UInt8>, at offset: Int) -> Int {
    Int(bytes.integer32(offset &+ 24))
  }

  /// Reads one message as far as it is there: its command, and what its XML tells of the device.
  static func read(_ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext) {
    switch bytes.integer32(16) {
    case replay: context.noteStoredFootage(chunk)
    case preview, streamSetup: context.setIntent(sender: chunk.direction.reversed, chunk)
    default: break
    }
    let end = min(bytes.count, headerByteCount &+ bodyLength(bytes, at: 0))
    guard end > headerByteCount else { return }
    let body = bytes.extracting(headerByteCount..<end)
    // The rest of these messages holds keys and tickets and is not read.
    if let serial = XMLText.value("DevSerial", in: body), !serial.isEmpty {
      context.addDetail(.serial, serial, chunk)
      context.addMark(
        "hikvision_protocol", vendor: "hikvision", serial: serial, text: "DevSerial",
        confidence: .strong, chunk)
    }
    // The answer of the maker's STUN: the public address of the one who asked.
    if let address = attribute("Address=\"", in: body).flatMap({ IPAddress($0) }) {
      context.announce(
        RelayAnnouncement(
          place: context.place(chunk), peerAddress: .unspecified, peerPort: 0,
          mappedAddress: address,
          mappedPort: attribute("Port=\"", in: body).flatMap { UInt16($0) } ?? 0,
          relayedAddress: nil, relayedPort: 0))
    }
  }

  /// The value of the first attribute with a name (given with its quote).
  private static func attribute(_ name: ASCII, in bytes: Span<UInt8>) -> String? {
    guard let found = bytes.firstIndex(of: name, in: 0..<bytes.count) else { return nil }
    let start = found &+ name.bytes.count
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\""), in: start..<bytes.count) else {
      return nil
    }
    return bytes.text(start..<end, limit: 64)
  }
}
