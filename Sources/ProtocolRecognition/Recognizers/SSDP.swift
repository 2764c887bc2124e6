// SPDX-License-Identifier: Apache-2.0

/// Simple Service Discovery Protocol, UPnP Device Architecture 2.0 §1.
struct SSDPRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  static let port: UInt16 = 1_900

  static let firstBytes = FirstBytes(of: ["M-SEARCH", "NOTIFY", "HTTP"])

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    if bytes.has("M-SEARCH * HTTP/1.") || bytes.has("NOTIFY * HTTP/1.") { return .certain }
    return bytes.has("HTTP/1.1 200") && hint.uses(port) ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.ssdp, chunk)
    var head = MessageHead()
    guard !bytes.has("M-SEARCH"), head.parse(bytes) else { return .more }
    guard let server = head.value(.server) else { return .more }
    let text = bytes.text(server)
    context.addDetail(.server, text, chunk)
    VendorBanners.mark(text, source: "ssdp_server", chunk, &context)
    if let location = head.value(.location),
      bytes.firstIndex(of: "/ipcam", in: location) != nil
    {
      context.addMark(
        "ssdp_location", role: "camera", text: bytes.text(location), confidence: .indicative,
        chunk)
    }
    for field in [.notificationType, .searchTarget, .uniqueServiceName] as [HeaderField] {
      guard let type = head.value(field),
        bytes.firstIndex(of: "camera", in: type) != nil
      else { continue }
      context.addMark(
        "ssdp", role: "camera", text: bytes.text(type), confidence: .strong, chunk)
      break
    }
    return .more
  }
}
