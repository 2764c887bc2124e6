// SPDX-License-Identifier: Apache-2.0

/// Protocols whose server or both sides speak a line of text first: SSH, SMTP, HTTP/2.
struct BannerRecognizer: Recognizer {
  static let readsDatagrams = false
  static let readsStreams = true

  /// Ports of mail transfer and submission.
  static let mailPorts: [UInt16] = [25, 587, 465, 2_525]
  /// Longest first line.
  static let maximumLine = 512

  static func service(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> Service? {
    if bytes.has("SSH-") { return .ssh }
    if bytes.has("PRI * HTTP/2.0") { return .http2 }
    if bytes.has("220 ") || bytes.has("220-") {
      for port in mailPorts where hint.uses(port) { return .smtp }
      let line = 0..<min(bytes.count, maximumLine)
      if bytes.firstIndex(of: "SMTP", in: line) != nil { return .smtp }
    }
    if bytes.has("EHLO ") || bytes.has("HELO ") { return .smtp }
    return nil
  }

  static let firstBytes = FirstBytes(of: ["SSH-", "PRI", "220", "EHLO", "HELO"])

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    service(bytes, hint) != nil ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    if let service = Self.service(bytes, context.hint(chunk)) {
      context.setService(service, chunk)
      let end = bytes.firstIndex(of: 0x0A, in: 0..<min(bytes.count, Self.maximumLine))
      if let end, service != .http2 {
        let last = end > 0 && bytes[end - 1] == 0x0D ? end - 1 : end
        // Client lines of SMTP may hold names; the server's greeting does not.
        if service == .ssh || bytes.has("220") {
          context.addDetail(.banner, bytes.text(0..<last), chunk)
        }
      }
    }
    return .directionDone
  }
}
