// SPDX-License-Identifier: Apache-2.0

/// Network Time Protocol, [RFC 5905 §7.3](https://www.rfc-editor.org/rfc/rfc5905#section-7.3).
struct NTPRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  static let port: UInt16 = 123

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard hint.uses(port), hint.originalLength >= 8, bytes.count >= 1 else { return .notMine }
    // Versions 1...4 and a mode other than 0.
    let version = bytes[0] >> 3 & 7
    return (1...4).contains(version) && bytes[0] & 7 != 0 ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.ntp, chunk)
    return .done
  }
}
