// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Reolink's BcUDP (camera-protocols.md B7).
struct ReolinkDatagramsRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  private var streams: InlineArray<2, UInt32?> = .init(repeating: nil)

  init() {}

  static let firstBytes = FirstBytes(of: [], and: 0x3A, 0x20, 0x10)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    switch bytes.integer32(0) {
    case 0x3ACF_872A, 0x20CF_872A, 0x10CF_872A: hint.originalLength >= 20 ? .certain : .notMine
    default: .notMine
    }
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.reolink, chunk)
    // Data datagrams: magic, connection, 0, packet number, length; full ones are media.
    guard bytes.integer32(0) == 0x10CF_872A, bytes.littleInteger32(16) >= 1_000 else {
      return .more
    }
    let side = Int(chunk.direction.rawValue)
    if streams[side] == nil {
      streams[side] = context.addStream(
        .vendor, direction: chunk.direction, vendorProtocol: "reolink")
    }
    if let stream = streams[side] { context.count(stream, max(0, bytes.count &- 20), chunk) }
    return .more
  }
}
