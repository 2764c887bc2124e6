// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// Dahua's UDP protocols: discovery (37810, 5050), the P2P directory (8800), the inverted STUN and
/// the PTCP tunnel (camera-protocols.md B2).
struct DahuaDatagramsRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  private var stream: InlineArray<2, UInt32?> = .init(repeating: nil)

  init() {}

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    if bytes.has("DHIP", at: 4), bytes.littleInteger32(0) == 0x20 { return .certain }
    if bytes.has("DHGET ") || bytes.has("DHPOST ") { return .certain }
    if bytes.has("PTCP"), hint.originalLength >= 24 { return .certain }
    switch bytes.integer32(0) {
    case 0xFFFE_FFE7: return bytes.count >= 20 ? .certain : .notMine
    case 0xFEFE_FFE3, 0xFEFE_FFE7, 0xFEFE_FFF3: return .unsure
    case 0xA301_0001: return hint.uses(5_050) ? .certain : .notMine
    default: return .notMine
    }
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.dahua, chunk)
    if bytes.has("DHGET ") || bytes.has("DHPOST ") {
      path(bytes, chunk, &context)
    } else if bytes.has("PTCP") {
      tunnel(bytes, chunk, &context)
    } else if bytes.has("DHIP", at: 4), bytes.count > 32 {
      answer(bytes, chunk, &context)
    }
    return .more
  }

  /// `/device/SERIAL/p2p-channel`, `/online/p2psrv/SERIAL`: the serial stands in the clear.
  private func path(_ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext) {
    let line = 0..<min(bytes.count, 512)
    let text = bytes.text(0..<(bytes.firstIndex(of: 0x0D, in: line) ?? line.upperBound))
    let parts = text.split(separator: " ")
    guard parts.count >= 2 else { return }
    context.addDetail(.path, RequestTarget(String(parts[1])).path, chunk)
    let names = parts[1].split(separator: "/")
    var serial: Substring?
    if names.first == "device", names.count >= 2 { serial = names[1] }
    if names.count >= 3, names[1] == "p2psrv" || names[1] == "device" { serial = names[2] }
    if let serial {
      context.addMark(
        "dahua_p2p", vendor: "dahua", serial: String(serial), text: text, confidence: .strong,
        chunk)
    }
  }

  /// Body type 10 of a PTCP packet is TCP data; counted as the maker's media when it is bulk.
  private mutating func tunnel(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    guard bytes.count > 36, bytes[24] == 0x10 else { return }
    let side = Int(chunk.direction.rawValue)
    if stream[side] == nil {
      stream[side] = context.addStream(
        .vendor, direction: chunk.direction, vendorProtocol: "dahua_ptcp")
    }
    guard let stream = stream[side] else { return }
    context.count(stream, bytes.count &- 36, chunk)
  }

  /// `client.notifyDevInfo`.
  private func answer(_ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext) {
    guard bytes.firstIndex(of: "client.notifyDevInfo", in: 0..<bytes.count) != nil else { return }
    let kind = JSONText.value("\"DeviceClass\"", in: bytes) ?? ""
    let role =
      kind == "NVR" || kind == "DVR" ? "recorder" : kind == "IPC" || kind == "SD" ? "camera" : ""
    let model = JSONText.value("\"DeviceType\"", in: bytes) ?? ""
    context.addMark(
      "dahua_discovery", vendor: "dahua", model: model,
      serial: JSONText.value("\"SerialNo\"", in: bytes) ?? "",
      firmware: JSONText.value("\"Version\"", in: bytes) ?? "",
      macAddress: JSONText.value("\"mac\"", in: bytes).flatMap { MACAddress(parsing: $0) },
      role: role, text: model, confidence: .definite, chunk)
  }
}
