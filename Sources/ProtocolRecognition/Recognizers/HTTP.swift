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

  /// A body that is or may be media, or a document.
  fileprivate struct Body {
    var media = MediaBody()
    var multipart: MultipartReader?
    /// XML of a device, while it is read.
    var document: DeviceDocument?
    var isBase64 = false
    var webSocket = WebSocketReader()
    /// The chunk that came last; the body's end is reported with it.
    var lastChunk: Chunk?

    var isRead: Bool { !media.isOther || multipart != nil || document != nil }
  }

  private struct Side {
    var phase = Phase.head
    /// Whether the body is known to be of no interest, so that it can be passed over unread.
    var isPassedOver = false
    var line: [UInt8] = []
    /// Empty or one: most bodies turn out to be of no interest with their first bytes.
    var body: [Body] = []

    var heldByteCount: Int { line.count &+ (body.first?.media.heldByteCount ?? 0) }
  }

  private var sides: InlineArray<2, Side> = .init(repeating: Side())
  /// Stream of the images of a direction, over all its messages.
  private var images: InlineArray<2, UInt32?> = .init(repeating: nil)
  /// Requests that wait for their response, a bit each, the oldest first: whether it has no body.
  private var expectations: UInt64 = 0
  private var expectationCount = 0
  /// Whether the flow was named; a WebSocket keeps its own name.
  private var isNamed = false

  init() {}

  var heldByteCount: Int { sides[0].heldByteCount &+ sides[1].heldByteCount }

  static let methods: [ASCII] = [
    "GET ", "POST ", "PUT ", "HEAD ", "OPTIONS ", "DELETE ", "PATCH ", "CONNECT ", "NOTIFY ",
    "SUBSCRIBE ", "PROPFIND ", "REPORT ",
  ]
  private static let beginnings = Beginnings(methods)

  static let firstBytes = FirstBytes(of: methods + ["HTTP"])

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= 12 else {
      let first = bytes.byte(0)
      return first == UInt8(ascii: "H") || first == UInt8(ascii: "G") || first == UInt8(ascii: "P")
        ? .unsure : .notMine
    }
    if bytes.has("HTTP/1.") { return .certain }
    guard bytes.beginning(of: beginnings) != nil else { return .notMine }
    let bound = min(bytes.count, 8_192)
    guard let feed = bytes.firstIndex(of: 0x0A, in: 0..<bound) else {
      return bound < 8_192 ? .unsure : .notMine
    }
    // Where the version stands in almost every request: `HTTP/1.1` and a line end of two bytes.
    if bytes.has(" HTTP/1.", at: feed &- 10) { return .certain }
    return bytes.firstIndex(of: " HTTP/1.", in: 0..<feed) != nil ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    let side = Int(chunk.direction.rawValue)
    if !sides[side].body.isEmpty { sides[side].body[0].lastChunk = chunk }
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
        if !sides[side].body.isEmpty {
          sides[side].body[0].readWebSocket(
            bytes.extracting(offset..<bytes.count), chunk.part(offset, rest), &context)
        }
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
    if case .untilClose = sides[side].phase, sides[side].isPassedOver { return .directionDone }
    return .more
  }

  /// Collects the head of a message and reads it; returns the offset after what it took.
  private mutating func readHead(
    _ bytes: Span<UInt8>, _ offset: Int, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> Int {
    let side = Int(chunk.direction.rawValue)
    if sides[side].line.isEmpty {
      if bytes[offset] == 0x0D || bytes[offset] == 0x0A { return offset + 1 }
      var head = MessageHead()
      if head.parse(bytes, from: offset, limit: Self.maximumHead) {
        message(bytes, &head, chunk, &context)
        return head.end
      }
    }
    let known = sides[side].line.count
    let taken = min(bytes.count - offset, Self.maximumHead - known)
    sides[side].line.append(contentsOf: bytes, in: offset..<offset + taken)
    var collected: [UInt8] = []
    swap(&collected, &sides[side].line)
    var head = MessageHead()
    if head.parse(collected.span, limit: Self.maximumHead) {
      message(collected.span, &head, chunk, &context)
      return offset + head.end - known
    }
    if collected.count >= Self.maximumHead {
      sides[side].phase = .lost
      return bytes.count
    }
    swap(&collected, &sides[side].line)
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
    _ bytes: Span<UInt8>, _ head: inout MessageHead, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    let side = Int(chunk.direction.rawValue)
    if !isNamed {
      context.setService(.http, chunk)
      isNamed = true
    }
    dropBody(side, &context)
    if let cookie = head.value(.sessionCookie) {
      context.noteTunnel(bytes, cookie, isRequests: bytes.has("POST "), chunk)
    }
    let type = head.value(.contentType)
    if let type { open(side, bytes, type, chunk, &context) }
    let isChunked =
      head.value(.transferEncoding).map { bytes.firstIndex(of: "chunked", in: $0) != nil } ?? false
    let length = head.value(.contentLength).flatMap { bytes.decimal($0) }
    if bytes.has("HTTP/", at: head.startLine.lowerBound) {
      response(bytes, &head, chunk, isChunked, length, &context)
    } else {
      request(bytes, &head, chunk, &context)
      let isTunnel =
        type.map { bytes.hasCaseInsensitive("application/x-rtsp-tunnelled", at: $0.lowerBound) }
        ?? false
      if isTunnel, bytes.has("POST ", at: head.startLine.lowerBound) {
        // Apple's tunnel: base64 of RTSP, with a length that means nothing.
        open(side, chunk) {
          $0.isBase64 = true
          $0.media = .nested()
        }
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

  /// Prepares for the body of a type that is read.
  private mutating func open(
    _ side: Int, _ bytes: Span<UInt8>, _ type: Range<Int>, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    switch bytes.byte(type.lowerBound) | 0x20 {
    case UInt8(ascii: "a"):
      // SOAP 1.2.
      if bytes.hasCaseInsensitive("application/soap+xml", at: type.lowerBound) {
        open(side, chunk) { $0.document = DeviceDocument() }
      }
    case UInt8(ascii: "t"):
      // SOAP 1.1.
      if bytes.hasCaseInsensitive("text/xml", at: type.lowerBound) {
        open(side, chunk) { $0.document = DeviceDocument() }
      }
    case UInt8(ascii: "m"):
      guard bytes.hasCaseInsensitive("multipart/", at: type.lowerBound) else { return }
      let boundary = Self.boundary(bytes, type)
      open(side, chunk) {
        $0.multipart = MultipartReader(boundary: boundary, direction: chunk.direction)
      }
      if bytes.hasCaseInsensitive("multipart/x-mixed-replace", at: type.lowerBound) {
        context.addDetail(.contentType, bytes.text(type), chunk)
      }
    case UInt8(ascii: "i"), UInt8(ascii: "v"):
      if bytes.hasCaseInsensitive("video/", at: type.lowerBound)
        || bytes.hasCaseInsensitive("image/", at: type.lowerBound)
      {
        context.addDetail(.contentType, bytes.text(type), chunk)
      }
    default: return
    }
  }

  private mutating func request(
    _ bytes: Span<UInt8>, _ head: inout MessageHead, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    if let word = bytes.word(1, of: head.startLine) {
      let target = bytes.extracting(word.lowerBound..<min(word.upperBound, word.lowerBound + 255))
      let letters = LetterSet(target)
      let path = RequestTarget.path(target, letters)
      if path.isCut {
        context.addDetail(.path, RequestTarget(target).path, chunk)
      } else {
        context.addDetail(.path, target.extracting(path.range), chunk)
      }
      if StoredFootage.isAskedFor(by: target, letters) { context.noteStoredFootage(chunk) }
      noteIntent(bytes, &head, target, letters, chunk, &context)
    }
    if let host = head.value(.host), !context.hasServerName {
      let name = RequestTarget.host(bytes, host)
      context.setServerName(bytes.extracting(name))
    }
    if let agent = head.value(.userAgent) {
      context.addDetail(.userAgent, bytes, agent, chunk)
    }
    if let authorization = head.value(.authorization) {
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
    _ bytes: Span<UInt8>, _ head: inout MessageHead, _ target: Span<UInt8>, _ letters: LetterSet,
    _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    var action = head.value(.action)
    if action == nil { action = head.value(.contentType) }
    if action != nil || ConfigurationWrite.mayWrite(letters),
      let write = ConfigurationWrite.text(
        method: bytes.word(0, of: head.startLine).map { bytes.text($0) } ?? "", target: target,
        action: action.map { bytes.text($0) })
    {
      context.addDetail(.configurationWrite, write, chunk)
    } else if letters.mayHold(UInt8(ascii: ".")), bytes.has("GET", at: head.startLine.lowerBound),
      bytes.word(0, of: head.startLine)?.count == 3
    {
      let path = RequestTarget(target).path
      let kind = FileDownload.kind(ofPath: path)
      if kind.isFile {
        context.addDetail(kind.isFirmware ? .firmwareDownload : .download, path, chunk)
      }
    }
  }

  private mutating func response(
    _ bytes: Span<UInt8>, _ head: inout MessageHead, _ chunk: Chunk, _ isChunked: Bool,
    _ length: Int?, _ context: inout RecognitionContext
  ) {
    let side = Int(chunk.direction.rawValue)
    if let server = head.value(.server) {
      let text = bytes.text(server)
      context.addDetail(.server, text, chunk)
      VendorBanners.mark(text, source: "http_server", chunk, &context)
    }
    if let challenge = head.value(.challenge) {
      Authentication.note(bytes, challenge, source: "http_realm", chunk, &context)
    }
    let status = Self.status(bytes, head.startLine)
    if status == 101 {
      context.setService(.websocket, chunk)
      for index in 0..<2 {
        sides[index].phase = .webSocket
        open(index, chunk) { $0.media = .nested() }
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
        head.value(.contentType).map {
          bytes.hasCaseInsensitive("application/x-rtsp-tunnelled", at: $0.lowerBound)
        } ?? false
      if isTunnel { open(side, chunk) { $0.media = .nested() } }
    }
  }

  /// The status of a response, 0 where there is none.
  private static func status(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Int {
    // `HTTP/1.1 200` and a space or the end of the line, as almost every response begins.
    let start = line.lowerBound &+ 9
    let end = start &+ 3
    if end <= line.upperBound, bytes.has("HTTP/1.", at: line.lowerBound),
      bytes[start &- 2] > 0x20, bytes[start &- 1] == 0x20, bytes[start] > 0x20,
      end == line.upperBound || bytes[end] == 0x20
    {
      return bytes.decimal(start..<end) ?? 0
    }
    return bytes.word(1, of: line).flatMap { bytes.decimal($0) } ?? 0
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
    guard !sides[side].isPassedOver, count > 0 else { return }
    let part = bytes.extracting(offset..<offset + count)
    if sides[side].body.isEmpty {
      if count >= MediaBody.sniffed, !MediaBody.isMedia(part) {
        sides[side].isPassedOver = true
        return
      }
      open(side, chunk) { _ in }
    }
    sides[side].body[0].read(part, &images[side], chunk.part(offset, count), &context)
    sides[side].isPassedOver = !sides[side].body[0].isRead
  }

  /// Makes the state of a body where there is none, and changes it.
  private mutating func open(_ side: Int, _ chunk: Chunk?, _ change: (inout Body) -> Void) {
    if sides[side].body.isEmpty { sides[side].body.append(Body(lastChunk: chunk)) }
    sides[side].isPassedOver = false
    change(&sides[side].body[0])
  }

  private mutating func dropBody(_ side: Int, _ context: inout RecognitionContext) {
    sides[side].isPassedOver = false
    guard !sides[side].body.isEmpty else { return }
    sides[side].body[0].media.release(&context)
    sides[side].body[0].document?.release(&context)
    sides[side].body.removeLast()
  }

  private mutating func endBody(
    _ side: Int, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    if !sides[side].body.isEmpty {
      sides[side].body[0].lastChunk = chunk
      sides[side].body[0].end(&context)
    }
    sides[side].phase = .head
  }

  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    let side = Int(direction.rawValue)
    sides[side].line = []
    let isBody =
      switch sides[side].phase {
      case .body(let left): count <= left
      case .chunk(let left): count < left
      case .untilClose: true
      default: false
      }
    guard isBody else {
      sides[side].phase = .lost
      return
    }
    if !sides[side].isPassedOver {
      open(side, nil) { _ in }
      sides[side].body[0].media.skip(count, direction, &context)
      sides[side].body[0].multipart?.skip()
    }
    switch sides[side].phase {
    case .body(let left): sides[side].phase = count == left ? .head : .body(left - count)
    case .chunk(let left): sides[side].phase = .chunk(left - count)
    default: break
    }
  }

  mutating func end(_ context: inout RecognitionContext) {
    for side in 0..<2 where !sides[side].body.isEmpty {
      sides[side].body[0].end(&context)
      sides[side].body[0].media.release(&context)
    }
  }

  /// In place: most flows leave neither a line nor a body behind.
  mutating func restart() {
    for side in 0..<2 {
      sides[side].phase = .head
      sides[side].isPassedOver = false
      if !sides[side].line.isEmpty { sides[side].line = [] }
      if !sides[side].body.isEmpty { sides[side].body = [] }
      images[side] = nil
    }
    expectations = 0
    expectationCount = 0
    isNamed = false
  }
}

extension HTTPRecognizer.Body {
  /// Reads the next bytes of the body.
  mutating func read(
    _ part: Span<UInt8>, _ images: inout UInt32?, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    if document != nil {
      document?.read(part, &context)
    } else if isBase64 {
      let decoded = Base64.decode(part, 0..<part.count, limit: 65_536)
      var copy = chunk
      copy.region = nil
      media.read(decoded.span, images: &images, copy, &context)
    } else if multipart != nil {
      multipart?.read(part, images: &images, chunk, &context)
    } else {
      media.read(part, images: &images, chunk, &context)
    }
  }

  mutating func readWebSocket(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    webSocket.read(bytes, chunk, &media, &context)
  }

  /// The body ended, with the last chunk.
  mutating func end(_ context: inout RecognitionContext) {
    guard let lastChunk else { return }
    media.end(lastChunk, &context)
    multipart?.end(lastChunk, &context)
    multipart = nil
    document?.end(lastChunk, &context)
    document = nil
  }
}
