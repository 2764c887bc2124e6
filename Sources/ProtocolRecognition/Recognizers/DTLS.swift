// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Datagram TLS, [RFC 6347](https://www.rfc-editor.org/rfc/rfc6347), and the SRTP that it keys
/// ([RFC 5764](https://www.rfc-editor.org/rfc/rfc5764)).
struct DTLSRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  var mediaMayFollow: Bool { true }

  init() {}

  /// A record header: content type 20...23 (or 26), version FEFF or FEFD, a length that fits.
  static func isRecord(_ bytes: Span<UInt8>, originalLength: Int) -> Bool {
    guard bytes.count >= 13, (20...26).contains(bytes[0]), bytes[1] == 0xFE,
      bytes[2] >= 0xFC || bytes[2] == 0xFF
    else { return false }
    return 13 &+ bytes.integer16(11) <= originalLength
  }

  /// Reads the handshake of a datagram.
  static func note(_ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext) {
    // Record 13 bytes, handshake header 12: type, length, sequence, fragment offset and length.
    guard bytes.count >= 25, bytes[0] == 22, bytes[13] == 1, bytes.integer24(19) == 0 else {
      return
    }
    context.note(
      ClientHello(parsing: bytes.extracting(25..<bytes.count), carrier: .datagram), chunk)
  }

  static let firstBytes = FirstBytes(20...26)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    isRecord(bytes, originalLength: hint.originalLength) ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    if Self.isRecord(bytes, originalLength: chunk.originalLength) {
      context.setService(.dtls, chunk)
      Self.note(bytes, chunk, &context)
      return .more
    }
    if STUNMessage.isMessage(bytes, originalLength: chunk.originalLength) {
      context.setWebRTC(chunk)
      return .more
    }
    return .foreignDatagram
  }
}
