// SPDX-License-Identifier: Apache-2.0

/// TVT's recorder protocol: a greeting of 64 bytes that begins `head` (camera-protocols.md B4).
struct TVTRecognizer: Recognizer {
  static let readsDatagrams = false
  static let readsStreams = true

  static let greetingByteCount = 64

  static let firstBytes = FirstBytes(of: ["head"])

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.has("head") else { return .notMine }
    return bytes.count == greetingByteCount || bytes.has("AAAA", at: greetingByteCount)
      ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.tvt, chunk)
    if bytes.has("head") {
      context.addMark(
        "tvt_greeting", vendor: "tvt", role: "recorder", text: "TVT greeting", confidence: .strong,
        chunk)
    }
    return .done
  }
}
