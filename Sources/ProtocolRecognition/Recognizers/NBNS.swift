// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// NetBIOS name service, [RFC 1002 §4.2](https://www.rfc-editor.org/rfc/rfc1002#section-4.2).
struct NBNSRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  static let port: UInt16 = 137

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard hint.uses(port), bytes.count >= 46, bytes[12] == 32 else { return .notMine }
    return name(bytes, 12) != nil ? .certain : .notMine
  }

  /// The first-level encoding of RFC 1001 §14.1: each byte as two letters A...P.
  static func name(_ bytes: Span<UInt8>, _ start: Int) -> [UInt8]? {
    guard start &+ 33 <= bytes.count, bytes[start] == 32 else { return nil }
    var name: [UInt8] = []
    for index in 0..<16 {
      let high = bytes[start &+ 1 &+ 2 &* index] &- UInt8(ascii: "A")
      let low = bytes[start &+ 2 &+ 2 &* index] &- UInt8(ascii: "A")
      guard high < 16, low < 16 else { return nil }
      // The sixteenth byte tells the kind of name.
      if index < 15 { name.append(high << 4 | low) }
    }
    while name.last == 0x20 || name.last == 0 { name.removeLast() }
    return name
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.nbns, chunk)
    guard bytes.count >= 12 else { return .more }
    let isResponse = bytes[2] & 0x80 != 0
    let operation = bytes[2] >> 3 & 15
    // Registrations and refreshes carry the sender's name and address in the additional record;
    // positive answers in the answer record. Both lie after the first name.
    let start = isResponse ? 12 : 50
    guard isResponse || operation == 5 || operation == 8, let name = Self.name(bytes, 12),
      !name.isEmpty
    else { return .more }
    let fixed = isResponse ? start &+ 34 : start &+ 2
    guard fixed &+ 16 <= bytes.count, bytes.integer16(fixed) == 0x20,
      bytes.integer16(fixed &+ 8) >= 6, let text = context.texts.intern(name.span)
    else { return .more }
    context.announce(
      NameAnnouncement(
        place: context.place(chunk), source: .netBIOS,
        timeToLive: bytes.integer32(fixed &+ 4),
        address: IPAddress(v4: bytes.integer32(fixed &+ 12)), name: text, canonicalName: text))
    return .more
  }
}
