// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// HTTP/1, [RFC 9112](https://www.rfc-editor.org/rfc/rfc9112): who speaks to whom, and bodies that
/// are media (FLV, multipart JPEG, fragmented MP4, transport stream, snapshots, RTSP tunnels).
struct HTTPRecognizer: Recognizer {
  static let readsDatagrams = false
  static let readsStreams = true

  /// Longest head of a message.
  static let maximumHead = 32_768
  /// Longest boundary of a multipart body, RFC 2046 §5.1.1.
  static let maximumBoundary = 70

  private enum Phase {
    case head
    /// Body of a known length, bytes left.
    case body(Int)
    /// Line with a chunk's length.
    case chunkLength
    /// Chunk, bytes left; its line end follows.
    case chunk(Int)
    case chunkEnd
    case trailer
    /// Until the connection closes.
    case untilClose
    case webSocket
    case lost
  }

  private struct Side {
    var phase = Phase.head
    var line: [UInt8] = []
    var body = MediaBody()
    var multipart: MultipartReader?
    /// XML of a device, while it is read.
    var document: DeviceDocument?
    var isBase64 = false
    var webSocket = WebSocketReader()
    var lastChunk: Chunk?
  }

  private var sides: InlineArray<2, Side> = .init(repeating: Side())
  /// Stream of the images of a direction, over all its messages.
  private var images: InlineArray<2, UInt32?> = .init(repeating: nil)
  /// Requests that wait for their response, a bit each, the oldest first: whether it has no body.
  private var expectations: UInt64 = 0
  private var expectationCount = 0

  init() {}

  static let methods: [ASCII] = [
    "GET ", "POST ", "PUT ", "HEAD ", "OPTIONS ", "DELETE ", "PATCH ", "CONNECT ", "NOTIFY ",
    "SUBSCRIBE ", "PROPFIND ", "REPORT ",
  ]

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= 12 else {
      let first = bytes.byte(0)
      return first == UInt8(ascii: "H") || first == UInt8(ascii: "G") || first == UInt8(ascii: "P")
        ? .unsure : .notMine
    }
    if bytes.has("HTTP/1.") { return .certain }
    for method in methods where bytes.has(method) {
      let bound = min(bytes.count, 8_192)
      guard let feed = bytes.firstIndex(of: 0x0A, in: 0..<bound) else {
        return bound < 8_192 ? .unsure : .notMine
      }
      return bytes.firstIndex(of: " HTTP/1.", in: 0..<feed) != nil ? .certain : .notMine
    }
    return .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    let side = Int(chunk.direction.rawValue)
    sides[side].lastChunk = chunk
    var offset = 0
    while offset < bytes.count {
      let rest = bytes.count - offset
      switch sides[side].phase {
      case .head:
        offset = readHead(bytes, offset, chunk, &context)
      case .body(let left):
        let taken = min(left, rest)
        content(bytes, offset, taken, chunk, &context)
        offset += taken
        sides[side].phase = .body(left - taken)
        if left == taken { endBody(side, chunk, &context) }
      case .chunk(let left):
        let taken = min(left, rest)
        content(bytes, offset, taken, chunk, &context)
        offset += taken
        sides[side].phase = left == taken ? .chunkEnd : .chunk(left - taken)
      case .chunkLength, .chunkEnd, .trailer:
        offset = readLine(bytes, offset, chunk, &context)
      case .untilClose:
        content(bytes, offset, rest, chunk, &context)
        offset = bytes.count
      case .webSocket:
        var body = sides[side].body
        sides[side].webSocket.read(
          bytes.extracting(offset..<bytes.count), chunk.part(offset, rest), &body, &context)
        sides[side].body = body
        offset = bytes.count
      case .lost:
        // Between messages a new one may begin with a segment.
        if Self.probe(bytes, context.hint(chunk)) == .certain, offset == 0 {
          sides[side].phase = .head
        } else {
          return .more
        }
      }
    }
    if case .untilClose = sides[side].phase, sides[side].body.isOther,
      sides[side].multipart == nil, sides[side].document == nil
    {
      return .directionDone
    }
    return .more
  }

  /// Collects the head of a message and reads it; returns the offset after what it took.
  private mutating func readHead(
    _ bytes: Span<UInt8>, _ offset: Int, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> Int {
    let side = Int(chunk.direction.rawValue)
    if sides[side].line.isEmpty {
      if bytes[offset] == 0x0D || bytes[offset] == 0x0A { return offset + 1 }
      if let head = MessageHead(parsing: bytes, from: offset, limit: Self.maximumHead) {
        message(bytes, head, chunk, &context)
        return head.end
      }
    }
    let known = sides[side].line.count
    let taken = min(bytes.count - offset, Self.maximumHead - known)
    sides[side].line.append(contentsOf: bytes, in: offset..<offset + taken)
    var head: [UInt8] = []
    swap(&head, &sides[side].line)
    if let parsed = MessageHead(parsing: head.span, limit: Self.maximumHead) {
      message(head.span, parsed, chunk, &context)
      return offset + parsed.end - known
    }
    if head.count >= Self.maximumHead {
      sides[side].phase = .lost
      return bytes.count
    }
    swap(&head, &sides[side].line)
    return offset + taken
  }

  private mutating func readLine(
    _ bytes: Span<UInt8>, _ offset: Int, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> Int {
    let side = Int(chunk.direction.rawValue)
    let byte = bytes[offset]
    guard byte == 0x0A else {
      if sides[side].line.count < 1_024 { sides[side].line.append(byte) }
      return offset + 1
    }
    var line: [UInt8] = []
    swap(&line, &sides[side].line)
    if line.last == 0x0D { line.removeLast() }
    switch sides[side].phase {
    case .chunkEnd: sides[side].phase = .chunkLength
    case .trailer:
      if line.isEmpty { endBody(side, chunk, &context) }
    default:
      let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 }
      guard !digits.isEmpty, digits.count <= 8,
        let length = Int(String(decoding: digits, as: UTF8.self), radix: 16)
      else {
        sides[side].phase = .lost
        return offset + 1
      }
      sides[side].phase = length == 0 ? .trailer : .chunk(length)
    }
    return offset + 1
  }

  // MARK: Heads

  private mutating func message(
    _ bytes: Span<UInt8>, _ head: MessageHead, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    let side = Int(chunk.direction.rawValue)
    context.setService(.http, chunk)
    sides[side].body.release(&context)
    sides[side].body = MediaBody()
    sides[side].multipart = nil
    sides[side].isBase64 = false
    sides[side].document?.release(&context)
    sides[side].document = nil
    if let cookie = head.value("x-sessioncookie", in: bytes) {
      context.noteTunnel(bytes, cookie, isRequests: bytes.has("POST "), chunk)
    }
    let type = head.value("Content-Type", in: bytes)
    if let type {
      // SOAP 1.2, SOAP 1.1.
      if bytes.hasCaseInsensitive("application/soap+xml", at: type.lowerBound)
        || bytes.hasCaseInsensitive("text/xml", at: type.lowerBound)
      {
        sides[side].document = DeviceDocument()
      }
      if bytes.hasCaseInsensitive("multipart/", at: type.lowerBound) {
        sides[side].multipart = MultipartReader(
          boundary: Self.boundary(bytes, type), direction: chunk.direction)
      }
      let isMedia =
        bytes.hasCaseInsensitive("video/", at: type.lowerBound)
        || bytes.hasCaseInsensitive("image/", at: type.lowerBound)
        || bytes.hasCaseInsensitive("multipart/x-mixed-replace", at: type.lowerBound)
      if isMedia { context.addDetail(.contentType, bytes.text(type), chunk) }
    }
    let isChunked =
      head.value("Transfer-Encoding", in: bytes).map {
        bytes.firstIndex(of: "chunked", in: $0) != nil
      } ?? false
    let length = head.value("Content-Length", in: bytes).flatMap { bytes.decimal($0) }
    if bytes.has("HTTP/", at: head.startLine.lowerBound) {
      response(bytes, head, chunk, isChunked, length, &context)
    } else {
      request(bytes, head, chunk, &context)
      let isTunnel =
        type.map { bytes.hasCaseInsensitive("application/x-rtsp-tunnelled", at: $0.lowerBound) }
        ?? false
      if isTunnel, bytes.has("POST ", at: head.startLine.lowerBound) {
        // Apple's tunnel: base64 of RTSP, with a length that means nothing.
        sides[side].isBase64 = true
        sides[side].body = .nested()
        sides[side].phase = .untilClose
      } else if isChunked {
        sides[side].phase = .chunkLength
      } else if let length, length > 0 {
        sides[side].phase = .body(length)
      } else {
        sides[side].phase = .head
      }
    }
  }

  private mutating func request(
    _ bytes: Span<UInt8>, _ head: MessageHead, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    if let word = bytes.word(1, of: head.startLine) {
      let target = bytes.extracting(word.lowerBound..<min(word.upperBound, word.lowerBound + 255))
      context.addDetail(.path, RequestTarget(target).path, chunk)
      if StoredFootage.isAskedFor(by: target) { context.noteStoredFootage(chunk) }
      noteIntent(bytes, head, target, chunk, &context)
    }
    if let host = head.value("Host", in: bytes), !context.hasServerName {
      let name = RequestTarget.host(bytes, host)
      context.setServerName(context.recentTexts.text(bytes.extracting(name)))
    }
    if let agent = head.value("User-Agent", in: bytes) {
      context.addDetail(.userAgent, bytes, agent, chunk)
    }
    if let authorization = head.value("Authorization", in: bytes) {
      Authentication.noteUser(bytes, authorization, chunk, &context)
    }
    let isHead = bytes.has("HEAD ", at: head.startLine.lowerBound)
    if expectationCount < 64 {
      if isHead { expectations |= (1 as UInt64) << UInt64(expectationCount) }
      expectationCount += 1
    }
  }

  /// Notes files asked for and configuration changed.
  private func noteIntent(
    _ bytes: Span<UInt8>, _ head: MessageHead, _ target: Span<UInt8>, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    let method = bytes.word(0, of: head.startLine).map { bytes.text($0) } ?? ""
    let action = head.value("SOAPAction", in: bytes) ?? head.value("Content-Type", in: bytes)
    if let write = ConfigurationWrite.text(
      method: method, target: target, action: action.map { bytes.text($0) })
    {
      context.addDetail(.configurationWrite, write, chunk)
    } else if method == "GET",
      target.firstIndex(of: UInt8(ascii: "."), in: 0..<target.count) != nil
    {
      let path = RequestTarget(target).path
      let kind = FileDownload.kind(ofPath: path)
      if kind.isFile {
        context.addDetail(kind.isFirmware ? .firmwareDownload : .download, path, chunk)
      }
    }
  }

  private mutating func response(
    _ bytes: Span<UInt8>, _ head: MessageHead, _ chunk: Chunk, _ isChunked: Bool, _ length: Int?,
    _ context: inout RecognitionContext
  ) {
    let side = Int(chunk.direction.rawValue)
    if let server = head.value("Server", in: bytes) {
      let text = bytes.text(server)
      context.addDetail(.server, text, chunk)
      VendorBanners.mark(text, source: "http_server", chunk, &context)
    }
    if let challenge = head.value("WWW-Authenticate", in: bytes) {
      Authentication.note(bytes, challenge, source: "http_realm", chunk, &context)
    }
    let status = bytes.word(1, of: head.startLine).flatMap { bytes.decimal($0) } ?? 0
    if status == 101 {
      context.setService(.websocket, chunk)
      for index in 0..<2 {
        sides[index].phase = .webSocket
        sides[index].body = .nested()
      }
      return
    }
    let isWithoutBody = expectationCount > 0 && expectations & 1 != 0
    if expectationCount > 0 {
      expectations >>= 1
      expectationCount -= 1
    }
    if isWithoutBody || status == 204 || status == 304 || (100..<200).contains(status) {
      sides[side].phase = .head
    } else if isChunked {
      sides[side].phase = .chunkLength
    } else if let length {
      sides[side].phase = length > 0 ? .body(length) : .head
    } else {
      sides[side].phase = .untilClose
      let isTunnel =
        head.value("Content-Type", in: bytes).map {
          bytes.hasCaseInsensitive("application/x-rtsp-tunnelled", at: $0.lowerBound)
        } ?? false
      if isTunnel { sides[side].body = .nested() }
    }
  }

  private static func boundary(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    guard let found = bytes.firstIndex(of: "boundary=", in: range) else { return [] }
    var start = found + 9
    if bytes.byte(start) == UInt8(ascii: "\"") { start += 1 }
    var end = start
    while end < range.upperBound, end - start < maximumBoundary, bytes[end] != UInt8(ascii: "\""),
      bytes[end] != UInt8(ascii: ";"), bytes[end] > 0x20
    { end += 1 }
    var text = bytes.array(start..<end)
    // Many cameras write the two hyphens of the delimiter into the parameter already.
    while text.count > 2, text[0] == UInt8(ascii: "-"), text[1] == UInt8(ascii: "-") {
      text.removeFirst(2)
    }
    return text
  }

  // MARK: Bodies

  private mutating func content(
    _ bytes: Span<UInt8>, _ offset: Int, _ count: Int, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    let side = Int(chunk.direction.rawValue)
    if sides[side].document != nil {
      sides[side].document?.read(bytes.extracting(offset..<offset + count), &context)
      return
    }
    guard count > 0, !sides[side].body.isOther || sides[side].multipart != nil else { return }
    let part = bytes.extracting(offset..<offset + count)
    if sides[side].isBase64 {
      let decoded = Base64.decode(part, 0..<part.count, limit: 65_536)
      var copy = chunk
      copy.region = nil
      sides[side].body.read(decoded.span, images: &images[side], copy, &context)
    } else if sides[side].multipart != nil {
      sides[side].multipart?.read(
        part, images: &images[side], chunk.part(offset, count), &context)
    } else {
      sides[side].body.read(
        part, images: &images[side], chunk.part(offset, count), &context)
    }
  }

  private mutating func endBody(
    _ side: Int, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    sides[side].body.end(chunk, &context)
    sides[side].multipart?.end(chunk, &context)
    sides[side].multipart = nil
    sides[side].document?.end(chunk, &context)
    sides[side].document = nil
    sides[side].phase = .head
  }

  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    let side = Int(direction.rawValue)
    sides[side].line = []
    switch sides[side].phase {
    case .body(let left) where count <= left:
      sides[side].body.skip(count, direction, &context)
      sides[side].multipart?.skip()
      sides[side].phase = count == left ? .head : .body(left - count)
    case .chunk(let left) where count < left:
      sides[side].body.skip(count, direction, &context)
      sides[side].multipart?.skip()
      sides[side].phase = .chunk(left - count)
    case .untilClose:
      sides[side].body.skip(count, direction, &context)
      sides[side].multipart?.skip()
    default: sides[side].phase = .lost
    }
  }

  mutating func end(_ context: inout RecognitionContext) {
    for side in 0..<2 {
      if let chunk = sides[side].lastChunk {
        sides[side].body.end(chunk, &context)
        sides[side].multipart?.end(chunk, &context)
        sides[side].document?.end(chunk, &context)
      }
      sides[side].body.release(&context)
    }
  }
}
