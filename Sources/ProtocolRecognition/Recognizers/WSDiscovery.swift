// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// WS-Discovery as ONVIF devices use it (ONVIF Core §7; camera-protocols.md A17).
struct WSDiscoveryRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  static let port: UInt16 = 3_702

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard hint.uses(port) else { return .notMine }
    let head = 0..<min(bytes.count, 2_048)
    return bytes.firstIndex(of: "Envelope", in: head) != nil ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.wsDiscovery, chunk)
    guard let types = XMLText.value("Types", in: bytes),
      let scopes = XMLText.range("Scopes", in: bytes)
    else { return .more }
    let role =
      if types.contains("NetworkVideoTransmitter") {
        "camera"
      } else if types.contains("NetworkVideoStorage") {
        "recorder"
      } else {
        ""
      }
    // A probe names types too, but has no address to be reached at.
    guard XMLText.range("XAddrs", in: bytes) != nil else { return .more }
    var model = ""
    var name = ""
    var macAddress: MACAddress?
    for word in bytes.words(scopes, limit: 64) {
      if let value = scope("/hardware/", bytes, word) { model = value }
      if let value = scope("/name/", bytes, word) { name = value }
      if let value = scope("/MAC/", bytes, word) { macAddress = MACAddress(parsing: value) }
    }
    context.addMark(
      "onvif_discovery", vendor: "", model: model, macAddress: macAddress, role: role, text: name,
      confidence: role.isEmpty ? .strong : .definite, chunk)
    return .more
  }

  /// The rest of a scope after `key`, percent signs decoded.
  private func scope(_ key: ASCII, _ bytes: Span<UInt8>, _ range: Range<Int>) -> String? {
    guard let found = bytes.firstIndex(of: key, in: range) else { return nil }
    var text: [UInt8] = []
    var offset = found &+ key.bytes.count
    while offset < range.upperBound, text.count < 128 {
      if bytes[offset] == UInt8(ascii: "%"), offset &+ 2 < range.upperBound,
        let byte = UInt8(bytes.text(offset &+ 1..<offset &+ 3), radix: 16)
      {
        text.append(byte)
        offset &+= 3
      } else {
        text.append(bytes[offset])
        offset &+= 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension MACAddress {
  /// Reads twelve hexadecimal digits, with or without separators; `nil` for anything else.
  init?(parsing text: String) {
    var bits: UInt64 = 0
    var digits = 0
    for character in text {
      if let value = character.hexDigitValue {
        bits = bits << 4 | UInt64(value)
        digits += 1
        guard digits <= 12 else { return nil }
      } else if character != ":" && character != "-" {
        return nil
      }
    }
    guard digits == 12 else { return nil }
    self.init(bits: bits)
  }
}
