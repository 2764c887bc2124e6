// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// Hikvision's protocols over TCP: device SDK (port 8000), the 9EBAACE9 envelope of EZVIZ, the
/// VTM/VTDU relay (port 8554) and streams that begin with IMKH (camera-protocols.md B1).
struct HikvisionRecognizer: Recognizer {
  static let readsDatagrams = false
  static let readsStreams = true

  /// Length of the media header IMKH.
  static let mediaHeaderByteCount = 40
  /// Second word of the SDK's requests, and the command that starts a live view.
  static let loginFamily: UInt32 = 0x5A00_0000
  static let controlFamily: UInt32 = 0x6300_0000
  static let liveView: UInt32 = 0x0003_0000
  /// Longest control message of the SDK.
  static let maximumMessage = 1 << 20
  /// Bytes in which three frames must follow each other to be believed after a loss.
  static let searchWindow = 8_192
  /// Bytes of a direction that wait for the end of a message or frame.
  static let maximumWaiting = 131_072

  private enum Form {
    case sdk
    case envelope
    case relay
    case mediaHeader
  }

  private var form: Form?
  private var waiting: InlineArray<2, [UInt8]> = .init(repeating: [])
  private var demultiplexers: InlineArray<2, RTPDemultiplexer> = .init(
    repeating: RTPDemultiplexer())
  private var streams: InlineArray<2, UInt32?> = .init(repeating: nil)
  private var relay: InlineArray<2, FrameCollector> = .init(repeating: FrameCollector())
  private var isLost: InlineArray<2, Bool> = .init(repeating: false)
  /// Whether the last request was a login, so that the answer holds the serial number.
  private var isLoggingIn = false

  init() {}

  var heldByteCount: Int {
    waiting[0].count &+ waiting[1].count &+ relay[0].keptByteCount &+ relay[1].keptByteCount
  }

  private static func form(_ bytes: Span<UInt8>) -> Form? {
    guard bytes.count >= 16 else { return nil }
    if bytes.has("IMKH") || bytes.has("4HKH") { return .mediaHeader }
    if HikvisionEnvelope.isHeader(bytes, at: 0) { return .envelope }
    let length = Int(bytes.integer32(0))
    let family = bytes.integer32(4)
    if length >= 16, length <= maximumMessage, family == loginFamily || family == controlFamily {
      // Login requests have no authentication word; control requests eight zero bytes at 24.
      if family == loginFamily, bytes.integer32(8) == 0 { return .sdk }
      if family == controlFamily, bytes.count >= 32, bytes.integer64(24) == 0 { return .sdk }
    }
    if length == 16, family == 0x1E, bytes.integer32(8) == 0x1E, bytes.integer32(12) == 0 {
      return .sdk
    }
    if isRelayFrame(bytes, 0), isRelayCode(bytes.integer16(6)) { return .relay }
    return nil
  }

  /// `$`, channel 00, 01, 0A or 0B, length, sequence, code.
  private static func isRelayFrame(_ bytes: Span<UInt8>, _ offset: Int) -> Bool {
    guard bytes.byte(offset) == UInt8(ascii: "$") else { return false }
    let channel = bytes.byte(offset &+ 1)
    return channel <= 1 || channel == 0x0A || channel == 0x0B
  }

  /// The message codes of the relay: keep-alive, start and end of streams, notifications.
  private static func isRelayCode(_ code: Int) -> Bool {
    [0x0130, 0x0131, 0x0132, 0x0133, 0x013B, 0x013C, 0x013D, 0x0145, 0x014A].contains(code)
  }

  static let firstBytes = FirstBytes(of: ["IMKH", "4HKH"], and: 0x9E, 0x00, 0x24)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    form(bytes) != nil ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    let side = Int(chunk.direction.rawValue)
    if form == nil {
      form = Self.form(bytes)
      context.setService(.hikvision, chunk)
      if form == .relay { context.addDetail(.note, RelayNote.ezviz, chunk) }
      if form == .mediaHeader || form == .sdk {
        // The side that answers on the server's port is the device.
        context.addMark(
          "hikvision_protocol", vendor: "hikvision", text: "Hikvision protocol family",
          confidence: .strong, chunk)
      }
    }
    switch form {
    case .relay:
      relayed(bytes, chunk, side, &context)
      return relay[side].isLost ? .directionDone : .more
    case .mediaHeader:
      if streams[side] == nil {
        guard bytes.has("IMKH") || bytes.has("4HKH") else { return .more }
        streams[side] = context.addStream(
          .vendor, direction: chunk.direction, vendorProtocol: "hikvision")
        let rest = min(Self.mediaHeaderByteCount, bytes.count)
        emit(bytes, rest, chunk, side, &context)
      } else {
        emit(bytes, 0, chunk, side, &context)
      }
      return .more
    case .sdk, .envelope:
      media(bytes, chunk, side, &context)
      return .more
    case nil: return .more
    }
  }

  private func emit(
    _ bytes: Span<UInt8>, _ offset: Int, _ chunk: Chunk, _ side: Int,
    _ context: inout RecognitionContext
  ) {
    guard let stream = streams[side], offset < bytes.count else { return }
    context.emit(
      stream, .programStream, bytes.extracting(offset..<bytes.count),
      chunk.part(offset, bytes.count - offset))
  }

  // MARK: Relay

  private mutating func relayed(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ side: Int, _ context: inout RecognitionContext
  ) {
    var part = chunk
    part.region = nil
    var collector = FrameCollector()
    swap(&collector, &relay[side])
    var stream = streams[side]
    var demultiplexer = demultiplexers[side]
    collector.feed(
      bytes, headerByteCount: 8,
      length: { Self.isRelayFrame($0, 0) ? $0.integer16(2) : nil },
      frame: { frame in
        let channel = frame.byte(1)
        if channel == 0 { Self.noteRelay(frame, part, &context) }
        guard channel == 1 || channel == 0x0B, frame.count > 8 else { return }
        let body = frame.extracting(8..<frame.count)
        if channel == 1, body.byte(0) & 0xC0 == 0x80 {
          part.originalLength = body.count
          _ = context.receiveRTP(body, part, &demultiplexer, kind: .vendor)
          return
        }
        if stream == nil {
          stream = context.addStream(
            .vendor, direction: chunk.direction, vendorProtocol: "hikvision")
        }
        guard let stream else { return }
        if channel == 1 {
          context.emit(stream, .programStream, body, part)
        } else {
          context.streams[Int(stream)].isEncrypted = true
          context.count(stream, body.count, part)
        }
      })
    streams[side] = stream
    demultiplexers[side] = demultiplexer
    swap(&collector, &relay[side])
  }

  /// Messages of the relay name the stream: `ysproto://HOST:PORT/SERIAL?...`; what follows the
  /// question mark holds tickets.
  private static func noteRelay(
    _ frame: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    guard let found = frame.firstIndex(of: "ysproto://", in: 8..<frame.count) else { return }
    var end = found
    while end < frame.count, end &- found < 255, frame[end] > 0x20, frame[end] < 0x7F,
      frame[end] != UInt8(ascii: "?")
    { end &+= 1 }
    let target = RequestTarget(frame.text(found..<end))
    context.setServerName(target.host)
    let serial = String(target.path.drop { $0 == "/" }.prefix { $0 != "/" })
    guard serial.count >= 6 else { return }
    context.addDetail(.serial, serial, chunk)
  }

  // MARK: SDK and local streams

  /// The login request of the SDK: family, user name of 48 bytes in the clear, the client's own
  /// address in little-endian order; commands of control messages.
  private mutating func request(
    _ message: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    switch message.integer32(4) {
    case Self.loginFamily:
      isLoggingIn = true
      guard message.count >= 84, message.integer32(8) == 0 else { return }
      let name = message.array(36..<84).prefix { $0 != 0 }
      if !name.isEmpty, name.allSatisfy({ (0x20..<0x7F).contains($0) }) {
        context.addDetail(
          .userName, Authentication.masked(String(decoding: name, as: UTF8.self)), chunk)
      }
      let address = IPAddress(v4: message.littleInteger32(24))
      if address != context.source(chunk.direction).address, message.littleInteger32(24) != 0 {
        context.addDetail(.note, "client's own address \(address)", chunk)
      }
    case Self.controlFamily:
      isLoggingIn = false
      if message.integer32(12) == Self.liveView {
        context.setIntent(sender: chunk.direction.reversed, chunk)
      }
    default:
      // The second answer to a login: session identifier, then the serial number in ASCII.
      guard isLoggingIn, message.count >= 29 else { return }
      let text = message.array(20..<min(message.count, 64)).prefix {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || $0 == UInt8(ascii: "-")
      }
      guard text.count >= 9 else { return }
      let serial = String(decoding: text, as: UTF8.self)
      context.addDetail(.serial, serial, chunk)
      context.addMark(
        "hikvision_protocol", vendor: "hikvision", serial: serial, text: "SDK login",
        confidence: .strong, chunk)
    }
  }

  /// Length of the `$` frame at `offset`, header included: the SDK writes the whole length in
  /// little-endian order, local streams that of the payload in big-endian order as RTSP does.
  private func frameLength(_ bytes: Span<UInt8>, _ offset: Int) -> Int {
    form == .sdk
      ? bytes.littleInteger16(offset &+ 2) : 4 &+ bytes.integer16(offset &+ 2)
  }

  /// Number of `$` frames with RTP that follow each other, 3 at most, and whether the bytes end
  /// before the answer.
  private func chain(_ bytes: Span<UInt8>, _ start: Int) -> (frames: Int, isCut: Bool) {
    var offset = start
    var frames = 0
    while frames < 3 {
      guard offset &+ 6 <= bytes.count else { return (frames, frames > 0) }
      let length = frameLength(bytes, offset)
      guard bytes[offset] == UInt8(ascii: "$"), length >= 16, bytes[offset &+ 4] & 0xC0 == 0x80
      else { return (0, false) }
      frames &+= 1
      offset &+= length
    }
    return (frames, false)
  }

  private mutating func media(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ side: Int, _ context: inout RecognitionContext
  ) {
    var buffer: [UInt8] = []
    swap(&buffer, &waiting[side])
    buffer.append(contentsOf: bytes)
    var part = chunk
    part.region = nil
    var offset = 0
    while offset &+ 16 <= buffer.count {
      let span = buffer.span
      if isLost[side] {
        let found = chain(span, offset)
        if found.isCut, span.count &- offset < Self.searchWindow { break }
        guard HikvisionEnvelope.isHeader(span, at: offset) || found.frames >= 3 else {
          offset &+= 1
          continue
        }
        isLost[side] = false
      }
      let length: Int
      if span[offset] == UInt8(ascii: "$") {
        length = frameLength(span, offset)
        guard length >= 16 else {
          isLost[side] = true
          offset &+= 1
          continue
        }
        guard offset &+ length <= span.count else { break }
        let frame = span.extracting(offset &+ 4..<offset &+ length)
        part.originalLength = frame.count
        _ = context.receiveRTP(frame, part, &demultiplexers[side], kind: .vendor)
      } else if form == .envelope {
        // Some bodies are followed by their digest, and streams by a preface: search again.
        guard offset &+ HikvisionEnvelope.headerByteCount <= span.count else { break }
        guard HikvisionEnvelope.isHeader(span, at: offset) else {
          isLost[side] = true
          offset &+= 1
          continue
        }
        length =
          HikvisionEnvelope.headerByteCount &+ HikvisionEnvelope.bodyLength(span, at: offset)
        guard offset &+ length <= span.count else { break }
        HikvisionEnvelope.read(
          span.extracting(offset..<offset &+ length), part, &context)
      } else {
        length = Int(span.integer32(offset))
        guard length >= 16, length <= Self.maximumMessage else {
          isLost[side] = true
          offset &+= 1
          continue
        }
        guard offset &+ length <= span.count else { break }
        request(span.extracting(offset..<offset &+ length), part, &context)
      }
      offset &+= length
    }
    buffer.removeFirst(min(offset, buffer.count))
    if buffer.count > Self.maximumWaiting {
      buffer.removeFirst(buffer.count - 4_096)
      isLost[side] = true
    }
    swap(&buffer, &waiting[side])
  }

  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    let side = Int(direction.rawValue)
    waiting[side] = []
    isLost[side] = true
    relay[side].skip(count)
  }

  mutating func end(_ context: inout RecognitionContext) {
    context.releaseCandidates(&demultiplexers[0])
    context.releaseCandidates(&demultiplexers[1])
  }
}
