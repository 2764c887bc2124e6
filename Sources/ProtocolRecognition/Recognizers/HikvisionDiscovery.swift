// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// Hikvision's search for devices (SADP), XML on UDP 37020 (camera-protocols.md B1).
struct HikvisionDiscoveryRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  static let port: UInt16 = 37_020

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    let head = 0..<min(bytes.count, 1_024)
    if bytes.firstIndex(of: "<Types>inquiry", in: head) != nil { return .certain }
    return hint.uses(port) && bytes.firstIndex(of: "<Probe", in: head) != nil ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.hikvisionDiscovery, chunk)
    guard let model = XMLText.value("DeviceDescription", in: bytes) else { return .more }
    let serial = XMLText.value("DeviceSN", in: bytes) ?? ""
    context.addDetail(.serial, serial, chunk)
    // DS-7 and DS-9 are recorders, DS-2 cameras (camera-protocols.md C7).
    let role =
      model.hasPrefix("DS-7") || model.hasPrefix("DS-9")
      ? "recorder" : model.hasPrefix("DS-2") ? "camera" : ""
    context.addMark(
      "sadp", vendor: "hikvision", model: model, serial: serial,
      firmware: XMLText.value("SoftwareVersion", in: bytes) ?? "",
      macAddress: XMLText.value("MAC", in: bytes).flatMap { MACAddress(parsing: $0) }, role: role,
      text: model, confidence: .definite, chunk)
    return .more
  }
}
