// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// QUIC, [RFC 9000](https://www.rfc-editor.org/rfc/rfc9000), by its long header
/// ([RFC 8999 §5.1](https://www.rfc-editor.org/rfc/rfc8999#section-5.1)), and the server name in the
/// client's Initial packets.
struct QUICRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  /// Datagrams of a flow looked at for the client's hello; it fills two or three.
  static let maximumPackets = 8

  private var initial: QUICInitial?
  private var client: FlowDirection?
  private var packets = 0

  init() {}

  /// Version 1, version 2 (RFC 9369), negotiation, drafts, and the versions of two large operators.
  static func isVersion(_ version: UInt32) -> Bool {
    switch version {
    case 1, 0x6B33_43CF: true
    case 0xFF00_0011...0xFF00_0022: true
    case 0xFACE_B000...0xFACE_B0FF: true
    // Q000...Q059 and T050, T051 in ASCII.
    case 0x5130_3030...0x5130_3539, 0x5430_3530...0x5430_3531: true
    default: false
    }
  }

  static let firstBytes = FirstBytes(0x80...0xFF, 0x09...0x3F)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= 20 else { return .notMine }
    // Before version Q046 Google's header had flags, an 8-byte identifier and then the version.
    if bytes[0] & 0xC9 == 0x09, hint.uses(443), isVersion(bytes.integer32(9)) { return .certain }
    guard bytes[0] & 0x80 != 0, isVersion(bytes.integer32(1)) else { return .notMine }
    let destination = Int(bytes[5])
    guard destination <= 20 || bytes[1] == 0x51 else { return .notMine }
    return .certain
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.quic, chunk)
    packets += 1
    // Only the side that sends the first Initial is the client; the other's keys differ.
    guard QUICInitial.isInitial(bytes), client == nil || client == chunk.direction else {
      return packets < Self.maximumPackets && initial != nil ? .more : .done
    }
    if initial == nil, let destination = QUICInitial.destination(bytes) {
      client = chunk.direction
      initial = QUICInitial(version: bytes.integer32(1), destination: destination)
    }
    guard initial != nil else { return .done }
    if let hello = initial?.read(bytes) {
      context.note(hello, chunk)
      return .done
    }
    return packets < Self.maximumPackets ? .more : .done
  }
}
