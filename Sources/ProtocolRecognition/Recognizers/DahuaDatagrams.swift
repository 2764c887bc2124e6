// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// Dahua's UDP protocols: discovery (37810, 5050), the P2P directory (8800), the inverted STUN and
/// the PTCP tunnel (camera-protocols.md B2).
struct DahuaDatagramsRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  /// Header of a PTCP packet: magic, bytes sent, bytes received, three identifiers.
  static let packetHeaderByteCount = 24
  /// The same and the head of a body with data: type and length, realm, zero.
  static let tunnelHeaderByteCount = 36
  /// Connections followed inside one tunnel.
  static let maximumRealms = 8

  /// A TCP connection inside a tunnel.
  private struct Realm {
    var identifier: UInt32
    var host = PayloadHost()
  }

  private var realms: [Realm] = []
  /// Count of bytes sent that the next packet of a direction must have.
  private var next: InlineArray<2, UInt32?> = .init(repeating: nil)

  init() {}

  static let firstBytes = FirstBytes(of: ["DHGET", "PTCP"], and: 0x20, 0xFF, 0xFE, 0xA3)

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
      agent(bytes, chunk, &context)
    } else if bytes.has("HTTP/1.") {
      agent(bytes, chunk, &context)
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
    if names.first == "relay", names.dropFirst().first == "start" {
      context.addDetail(.note, RelayNote.dahua, chunk)
    }
    var serial: Substring?
    if names.first == "device", names.count >= 2 { serial = names[1] }
    if names.count >= 3, names[1] == "p2psrv" || names[1] == "device" { serial = names[2] }
    if let serial {
      context.addMark(
        "dahua_p2p", vendor: "dahua", serial: String(serial), text: text, confidence: .strong,
        chunk)
    }
  }

  /// The agent of a relay: `<Agent>ADDRESS:PORT</Agent>` in the answer to `/relay/agent`,
  /// `<agentAddr>` in what the device is told (`/device/SERIAL/relay-channel`).
  private func agent(_ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext) {
    let names: [ASCII] = ["Agent", "agentAddr"]
    for name in names {
      guard let address = XMLText.value(name, in: bytes), address.contains(":") else { continue }
      context.addDetail(.note, RelayNote.dahuaAgent + String(address.prefix(64)), chunk)
      return
    }
  }

  /// A PTCP packet with a body of type 10 carries bytes of a TCP connection (`realm`): they go to
  /// the recognizers like any stream, RTSP or DVRIP on older firmware (camera-protocols.md B2).
  private mutating func tunnel(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    let side = Int(chunk.direction.rawValue)
    guard bytes.count > Self.packetHeaderByteCount else { return }
    // The header counts the bytes of all bodies sent before this one, whatever their type.
    let sent = bytes.integer32(4)
    let distance = next[side].map { Int32(bitPattern: sent &- $0) } ?? 0
    guard distance >= 0 else { return }
    if distance > 0 {
      for place in realms.indices {
        realms[place].host.gap(Int(distance), chunk.direction, &context)
      }
    }
    let body = chunk.originalLength &- Self.packetHeaderByteCount
    next[side] = sent &+ UInt32(truncatingIfNeeded: body)
    guard bytes.count > Self.tunnelHeaderByteCount, bytes[24] == 0x10,
      chunk.depth < RecognitionLimits.maximumDepth
    else { return }
    let realm = bytes.integer32(28)
    var index = 0
    while index < realms.count, realms[index].identifier != realm { index += 1 }
    if index == realms.count {
      guard index < Self.maximumRealms else { return }
      realms.append(Realm(identifier: realm))
    }
    var part = chunk.part(
      Self.tunnelHeaderByteCount, bytes.count &- Self.tunnelHeaderByteCount)
    part.depth &+= 1
    part.isDatagram = false
    realms[index].host.bytes(
      bytes.extracting(Self.tunnelHeaderByteCount..<bytes.count), part, &context)
  }

  mutating func end(_ context: inout RecognitionContext) {
    for index in realms.indices { realms[index].host.end(&context) }
    realms = []
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
