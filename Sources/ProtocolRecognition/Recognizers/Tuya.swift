// SPDX-License-Identifier: Apache-2.0

/// Tuya's local protocol (camera-protocols.md B10); most of its devices are no cameras.
struct TuyaRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = true

  static let firstBytes = FirstBytes(0x00...0x00)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= 16 else { return .notMine }
    switch bytes.integer32(0) {
    case 0x0000_55AA: return bytes.integer32(12) <= 65_536 && bytes[8] == 0 ? .certain : .notMine
    case 0x0000_6699: return bytes.integer16(4) == 0 ? .certain : .notMine
    default: return .notMine
    }
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.tuya, chunk)
    if let identifier = JSONText.value("\"gwId\"", in: bytes) {
      context.addMark(
        "tuya", vendor: "tuya", serial: identifier, text: identifier, confidence: .weak, chunk)
    }
    return .directionDone
  }
}
