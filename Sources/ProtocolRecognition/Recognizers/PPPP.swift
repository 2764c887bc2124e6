// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// CS2 Network's P2P (PPPP, iLnkP2P) in UDP datagrams (camera-protocols.md B9).
struct PPPPRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  /// Message types of the protocol.
  static func isType(_ type: UInt8) -> Bool {
    switch type {
    case 0x00, 0x01, 0x10...0x16, 0x20, 0x21, 0x30, 0x40...0x42, 0x60...0x6F, 0x70, 0x80...0x8F,
      0xD0, 0xD1, 0xD8, 0xE0, 0xE1, 0xF0:
      true
    default: false
    }
  }

  private var streams: InlineArray<2, UInt32?> = .init(repeating: nil)

  init() {}

  static let firstBytes = FirstBytes(0xF1...0xF1)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= 4, bytes[0] == 0xF1, isType(bytes[1]),
      bytes.integer16(2) == hint.originalLength &- 4
    else { return .notMine }
    let usesPort = hint.uses(32_100) || hint.uses(32_108)
    // Data has a second magic; the rest must repeat.
    if bytes[1] == 0xD0, bytes.byte(4) == 0xD1 { return .certain }
    return usesPort ? .certain : .unsure
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    guard bytes.byte(0) == 0xF1 else { return .foreignDatagram }
    context.setService(.pppp, chunk)
    switch bytes.byte(1) {
    // Device log-in and the point-to-point ready message carry the identifier: prefix, binary
    // serial number, check letters.
    case 0x10, 0x12, 0x42:
      guard bytes.count >= 24 else { break }
      var prefix: [UInt8] = []
      for index in 4..<12 where bytes[index] >= 0x41 && bytes[index] <= 0x5A {
        prefix.append(bytes[index])
      }
      guard !prefix.isEmpty else { break }
      let digits = String(bytes.integer32(12))
      let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
      let identifier =
        String(decoding: prefix, as: UTF8.self) + "-" + padded + "-"
        + bytes.text(16..<21).filter { $0.isLetter }
      context.addMark(
        "pppp", serial: identifier, role: "camera", text: identifier, confidence: .strong, chunk)
    case 0x70, 0x80...0x8F: context.addDetail(.note, RelayNote.pppp, chunk)
    case 0xD0:
      // Channels above 0 in full datagrams are media.
      guard bytes.byte(4) == 0xD1, bytes.byte(5) > 0, chunk.originalLength >= 1_000 else { break }
      let side = Int(chunk.direction.rawValue)
      if streams[side] == nil {
        streams[side] = context.addStream(
          .vendor, direction: chunk.direction, vendorProtocol: "pppp")
      }
      if let stream = streams[side] { context.count(stream, max(0, bytes.count &- 8), chunk) }
    default: break
    }
    return .more
  }
}
