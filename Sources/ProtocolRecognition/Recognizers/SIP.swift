// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// Session Initiation Protocol, [RFC 3261](https://www.rfc-editor.org/rfc/rfc3261), with the media
/// that its session descriptions announce, and GB/T 28181 cameras that speak it.
struct SIPRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = true

  /// Bytes that wait for the end of a message over TCP.
  static let maximumWaiting = 65_536

  private var waiting: InlineArray<2, [UInt8]> = .init(repeating: [])

  init() {}

  var heldByteCount: Int { waiting[0].count &+ waiting[1].count }

  static let methods: [ASCII] = [
    "INVITE ", "ACK ", "BYE ", "CANCEL ", "OPTIONS ", "REGISTER ", "PRACK ", "SUBSCRIBE ",
    "NOTIFY ", "PUBLISH ", "INFO ", "REFER ", "MESSAGE ", "UPDATE ",
  ]

  static let firstBytes = FirstBytes(of: methods + ["SIP"])

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= 8 else { return .notMine }
    if bytes.has("SIP/2.0 ") { return .certain }
    for method in methods where bytes.has(method) {
      let feed = bytes.firstIndex(of: 0x0A, in: 0..<min(bytes.count, 2_048)) ?? bytes.count
      return bytes.firstIndex(of: " SIP/2.0", in: 0..<feed) != nil ? .certain : .notMine
    }
    return .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    if chunk.isDatagram {
      // Keep-alives of one or two line ends are common (RFC 5626).
      guard Self.probe(bytes, context.hint(chunk)) == .certain else { return .foreignDatagram }
      var head = MessageHead()
      if head.parse(bytes) {
        let body = head.end..<bytes.count
        message(bytes, &head, body, chunk, &context)
      }
      return .more
    }
    let side = Int(chunk.direction.rawValue)
    guard waiting[side].count + bytes.count <= Self.maximumWaiting else {
      waiting[side] = []
      return .more
    }
    waiting[side].append(contentsOf: bytes)
    var buffer: [UInt8] = []
    swap(&buffer, &waiting[side])
    var offset = 0
    while offset < buffer.count {
      if buffer[offset] == 0x0D || buffer[offset] == 0x0A {
        offset += 1
        continue
      }
      let span = buffer.span
      var head = MessageHead()
      guard head.parse(span, from: offset) else { break }
      let length = head.contentLength(in: span, orCompact: .compactContentLength) ?? 0
      let body = head.end..<head.end &+ length
      guard body.upperBound <= buffer.count else { break }
      message(span, &head, body, chunk, &context)
      offset = body.upperBound
    }
    buffer.removeFirst(min(offset, buffer.count))
    swap(&buffer, &waiting[side])
    return .more
  }

  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    waiting[Int(direction.rawValue)] = []
  }

  private mutating func message(
    _ bytes: Span<UInt8>, _ head: inout MessageHead, _ body: Range<Int>, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    context.setService(.sip, chunk)
    if let agent = head.value(.userAgent) {
      context.addDetail(.userAgent, bytes.text(agent), chunk)
    }
    if let server = head.value(.server) {
      context.addDetail(.server, bytes.text(server), chunk)
    }
    if let challenge = head.value(.challenge) {
      Authentication.note(bytes, challenge, source: "sip_realm", chunk, &context)
    }
    if let type = head.value(.contentType),
      bytes.firstIndex(of: "MANSCDP", in: type) != nil
    {
      platform(bytes, &head, body, chunk, &context)
    }
    guard !body.isEmpty, let description = SessionDescription(parsing: bytes, body) else { return }
    if description.isStoredFootage { context.noteStoredFootage(chunk) }
    for section in description.media where section.port != 0 {
      context.announce(
        MediaEndpointAnnouncement(
          place: context.place(chunk),
          address: section.address ?? context.source(chunk.direction).address,
          port: section.port, isSource: false, synchronizationSource: section.sources.first,
          formats: section.formats, media: section.media,
          isStoredFootage: description.isStoredFootage))
    }
  }

  /// GB/T 28181: the device registers with a 20-digit identifier whose digits 11 to 13 tell its
  /// kind (camera-protocols.md A10).
  private func platform(
    _ bytes: Span<UInt8>, _ head: inout MessageHead, _ body: Range<Int>, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    var field = head.value(.from)
    if field == nil { field = head.value(.compactFrom) }
    guard let from = field, let start = bytes.firstIndex(of: "sip:", in: from)
    else { return }
    var end = start &+ 4
    while end < from.upperBound, bytes[end] >= 0x30, bytes[end] <= 0x39 { end &+= 1 }
    guard end &- start &- 4 == 20 else { return }
    let identifier = bytes.text(start &+ 4..<end)
    let kind = bytes.text(start &+ 14..<start &+ 17)
    let role =
      switch kind {
      case "131", "132": "camera"
      case "111", "118": "recorder"
      case "200": "server"
      default: ""
      }
    context.addMark(
      "gb28181", serial: identifier, role: role, text: "GB/T 28181 " + identifier,
      confidence: .strong, chunk)
  }
}
