// SPDX-License-Identifier: Apache-2.0

/// WireGuard (whitepaper §5.4): message types with three reserved zero bytes and fixed lengths.
struct WireGuardRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  static let firstBytes = FirstBytes(1...4)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= 4, bytes[1] == 0, bytes[2] == 0, bytes[3] == 0 else { return .notMine }
    switch (bytes[0], hint.originalLength) {
    // Handshake initiation and response.
    case (1, 148), (2, 92): return .certain
    // Cookie reply.
    case (3, 64): return .unsure
    // Transport data: header 16, tag 16, padded to 16.
    case (4, let length): return length >= 32 && length % 16 == 0 ? .unsure : .notMine
    default: return .notMine
    }
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.wireguard, chunk)
    return .done
  }
}
