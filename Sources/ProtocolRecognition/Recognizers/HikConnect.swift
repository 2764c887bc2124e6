// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// Hik-Connect and EZVIZ peer to peer over UDP: the maker's own STUN (port 6002), control messages
/// of version 3 (port 6000) and the UDT session on the punched five-tuple (camera-protocols.md B1).
///
/// One author's description, so that what it says of media is counted and never called video.
struct HikConnectRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  /// Header of a control message without its optional extension.
  static let headerByteCount = 12
  /// Longest header: the extension holds four short attributes (two 2-byte, a 4-byte and a 32-byte
  /// value with their heads come to 48 bytes).
  static let maximumHeader = 128
  /// Header of a UDT packet, and of the media packet inside.
  static let mediaOffset = 16
  static let mediaHeaderByteCount = 12

  private var streams: InlineArray<2, UInt32?> = .init(repeating: nil)

  init() {}

  /// Message types: set-up and its answers, relayed data, punching, play, teardown, connectivity,
  /// control of playback, transparent data.
  static func isMessageType(_ type: Int) -> Bool {
    switch type {
    case 0x0B00, 0x0B02...0x0B05, 0x0C00...0x0C08, 0x0C0A, 0x0C0B, 0x0C10...0x0C19, 0x0D00...0x0D03:
      true
    default: false
    }
  }

  /// Control of playback: pause, resume, seek, search.
  static let playbackTypes: ClosedRange<Int> = 0x0C10...0x0C19

  /// Whether a datagram has the header of a control message.
  static func isMessage(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= headerByteCount, bytes[0] == 0xE2, isMessageType(bytes.integer16(2))
    else { return false }
    let length = Int(bytes[10])
    // Bit 2 of the mask announces the extension of the header.
    return bytes[1] & 0x04 == 0
      ? length == headerByteCount : length > headerByteCount && length <= maximumHeader
  }

  static let firstBytes = FirstBytes(of: [], and: 0x9E, 0x24, 0xE2)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    if HikvisionEnvelope.isHeader(bytes, at: 0) { return .certain }
    // Encrypted key exchange: 24, 01 or 02, 00, a length that the datagram has, 0000.
    if isKeyExchange(bytes, originalLength: hint.originalLength) { return .unsure }
    return isMessage(bytes) ? .certain : .notMine
  }

  private static func isKeyExchange(_ bytes: Span<UInt8>, originalLength: Int) -> Bool {
    bytes.count >= 11 && bytes[0] == 0x24 && (bytes[1] == 1 || bytes[1] == 2) && bytes[2] == 0
      && bytes.integer16(5) == 0 && bytes.integer16(3) <= originalLength
      && bytes.integer16(3) &+ 64 >= originalLength
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    if HikvisionEnvelope.isHeader(bytes, at: 0) {
      context.setService(.hikvision, chunk)
      HikvisionEnvelope.read(bytes, chunk, &context)
      return .more
    }
    if Self.isMessage(bytes) {
      context.setService(.hikvision, chunk)
      context.addDetail(.note, "Hik-Connect peer to peer", chunk)
      if Self.playbackTypes.contains(bytes.integer16(2)) { context.noteStoredFootage(chunk) }
      return .more
    }
    if Self.isKeyExchange(bytes, originalLength: chunk.originalLength) {
      context.setService(.hikvision, chunk)
      return .more
    }
    if SRTRecognizer.controlType(bytes, originalLength: chunk.originalLength) != nil {
      return .more
    }
    media(bytes, chunk, &context)
    return .more
  }

  /// A data packet of UDT with one of the known media headers inside.
  private mutating func media(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    let payload = Self.mediaOffset &+ Self.mediaHeaderByteCount
    guard bytes.count > payload, bytes[0] & 0x80 == 0,
      [0x0100, 0x0200, 0x8050, 0x8051, 0x8060].contains(bytes.integer16(Self.mediaOffset))
    else { return }
    let side = Int(chunk.direction.rawValue)
    if streams[side] == nil {
      streams[side] = context.addStream(
        .vendor, direction: chunk.direction, vendorProtocol: "hik_connect")
    }
    guard let stream = streams[side] else { return }
    context.count(stream, bytes.count &- payload, chunk)
  }
}
