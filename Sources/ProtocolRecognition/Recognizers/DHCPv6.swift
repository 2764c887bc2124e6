// SPDX-License-Identifier: Apache-2.0

/// Host configuration for IPv6, [RFC 8415](https://www.rfc-editor.org/rfc/rfc8415).
struct DHCPv6Recognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  static let clientPort: UInt16 = 546
  static let serverPort: UInt16 = 547

  static let firstBytes = FirstBytes(1...13)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard hint.uses(clientPort) || hint.uses(serverPort), bytes.count >= 8 else { return .notMine }
    // Message types 1...13, then options whose first code is small and length fits.
    return (1...13).contains(bytes[0]) && bytes.integer16(4) < 150
      && 8 &+ bytes.integer16(6) <= hint.originalLength ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.dhcpv6, chunk)
    return .done
  }
}
