// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// Real Time Streaming Protocol, [RFC 2326](https://www.rfc-editor.org/rfc/rfc2326), with media
/// interleaved in `$` frames (§10.12).
struct RTSPRecognizer: MidStreamRecognizer {
  static let readsDatagrams = true
  static let readsStreams = true

  /// Bytes that wait for the end of a message or frame; one frame has at most 65,539.
  static let maximumWaiting = 131_072
  /// Longest head of a message.
  static let maximumHead = 16_384
  /// Longest body read.
  static let maximumBody = 65_536
  /// Requests that wait for their answer.
  static let maximumRequests = 32
  /// Channels kept of a connection.
  static let maximumChannels = 32

  /// One interleaved channel.
  private struct Channel {
    var number: UInt8
    var rtp: InlineArray<2, RTPDemultiplexer> = .init(repeating: RTPDemultiplexer())
    /// Index in `media`, -1 when the SETUP was not seen.
    var media = -1
    /// Streams already given their codec.
    var hintedStreams = 0
    var hinted: [UInt32] = []
  }

  private struct Request {
    var sequence: Int
    var method: String
    var uri: String
    var direction: FlowDirection
  }

  private struct Side {
    var waiting: [UInt8] = []
    var isLost = false
  }

  private var sides: InlineArray<2, Side> = .init(repeating: Side())
  private var channels: [Channel] = []
  private var requests: [Request] = []
  private var media: [SessionDescription.Media] = []
  private var described: PacketReference?
  private var setups = 0
  private var isStored = false
  /// Endpoints of media over UDP that were set up, as many as channels are kept.
  private var endpoints: [MediaEndpointAnnouncement] = []
  private var isPlaying = false

  init() {}

  var heldByteCount: Int { sides[0].waiting.count &+ sides[1].waiting.count }

  static let methods: [ASCII] = [
    "OPTIONS ", "DESCRIBE ", "SETUP ", "PLAY ", "PAUSE ", "TEARDOWN ", "ANNOUNCE ", "RECORD ",
    "GET_PARAMETER ", "SET_PARAMETER ", "REDIRECT ", "PLAY_NOTIFY ",
  ]
  private static let beginnings = Beginnings(methods)

  /// Whether a message begins at `offset`; `nil` when too few bytes tell.
  static func isMessage(_ bytes: Span<UInt8>, at offset: Int) -> Bool? {
    let rest = bytes.count &- offset
    guard rest >= 16 else {
      let first = bytes.byte(offset)
      return first >= UInt8(ascii: "A") && first <= UInt8(ascii: "Z") ? nil : false
    }
    if bytes.has("RTSP/", at: offset) { return bytes.byte(offset &+ 6) == UInt8(ascii: ".") }
    guard bytes.beginning(of: beginnings, at: offset) != nil else { return false }
    let bound = min(bytes.count, offset &+ 2_048)
    guard let feed = bytes.firstIndex(of: 0x0A, in: offset..<bound) else {
      return bound &- offset < 2_048 ? nil : false
    }
    return bytes.firstIndex(of: " RTSP/", in: offset..<feed) != nil
  }

  static let firstBytes = FirstBytes(0x41...0x5A, 0x24...0x24)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    switch isMessage(bytes, at: 0) {
    case true?: .certain
    case nil: hint.isDatagram ? .notMine : .unsure
    case false?:
      bytes.byte(0) == UInt8(ascii: "$") && !hint.isDatagram ? .unsure : .notMine
    }
  }

  static func resume(_ bytes: Span<UInt8>) -> Int? {
    var offset = 0
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "$"), InterleavedFrames.chain(bytes, from: offset) >= 3 {
        return offset
      }
      if bytes[offset] == UInt8(ascii: "R"), bytes.has("RTSP/1.0 ", at: offset) { return offset }
      offset &+= 1
    }
    return nil
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    let side = Int(chunk.direction.rawValue)
    if chunk.isDatagram {
      guard Self.isMessage(bytes, at: 0) == true else { return .foreignDatagram }
      _ = read(bytes, chunk, &context)
      return .more
    }
    if sides[side].waiting.isEmpty {
      let consumed = read(bytes, chunk, &context)
      if consumed < bytes.count {
        sides[side].waiting.append(contentsOf: bytes, in: consumed..<bytes.count)
      }
      return .more
    }
    var waiting: [UInt8] = []
    swap(&waiting, &sides[side].waiting)
    // Complete the frame that waits with just the bytes it lacks; the rest needs no copy.
    var used = 0
    if waiting[0] == UInt8(ascii: "$"), waiting.count >= 4, !sides[side].isLost {
      let missing = 4 &+ waiting.span.integer16(2) &- waiting.count
      if missing > 0, missing <= bytes.count { used = missing }
    }
    let isSplit = used > 0
    if !isSplit { used = bytes.count }
    waiting.append(contentsOf: bytes, in: 0..<used)
    var copy = chunk
    copy.region = nil
    let consumed = read(waiting.span, copy, &context)
    if consumed < waiting.count {
      waiting.removeFirst(consumed)
      if isSplit { waiting.append(contentsOf: bytes, in: used..<bytes.count) }
      if waiting.count > Self.maximumWaiting {
        waiting = []
        sides[side].isLost = true
      }
      swap(&waiting, &sides[side].waiting)
    } else if isSplit, used < bytes.count {
      let rest = bytes.extracting(used..<bytes.count)
      let taken = read(rest, chunk.part(used, rest.count), &context)
      if taken < rest.count {
        waiting.removeAll(keepingCapacity: true)
        waiting.append(contentsOf: rest, in: taken..<rest.count)
        swap(&waiting, &sides[side].waiting)
      }
    }
    return .more
  }

  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    let side = Int(direction.rawValue)
    sides[side].waiting = []
    sides[side].isLost = true
  }

  mutating func end(_ context: inout RecognitionContext) {
    for index in channels.indices {
      context.releaseCandidates(&channels[index].rtp[0])
      context.releaseCandidates(&channels[index].rtp[1])
    }
  }

  /// Reads messages and frames; returns how many bytes are done with.
  private mutating func read(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> Int {
    let side = Int(chunk.direction.rawValue)
    var offset = 0
    while offset < bytes.count {
      if sides[side].isLost {
        guard let found = resynchronize(bytes, from: offset, chunk, context) else {
          // A frame may begin in the last bytes.
          return max(offset, bytes.count &- 2_048)
        }
        offset = found
        sides[side].isLost = false
      }
      if bytes[offset] == UInt8(ascii: "$") {
        guard offset &+ 4 <= bytes.count else { return offset }
        let length = bytes.integer16(offset &+ 2)
        guard offset &+ 4 &+ length <= bytes.count else { return offset }
        let start = offset &+ 4
        frame(
          bytes.extracting(start..<start &+ length), bytes[offset &+ 1],
          chunk.part(start, length), &context)
        offset = start &+ length
        continue
      }
      switch Self.isMessage(bytes, at: offset) {
      case nil: return offset
      case false?:
        // Line ends between messages are tolerated, as servers do.
        if bytes[offset] == 0x0D || bytes[offset] == 0x0A {
          offset &+= 1
        } else {
          sides[side].isLost = true
          offset &+= 1
        }
        continue
      case true?: break
      }
      var head = MessageHead()
      guard head.parse(bytes, from: offset, limit: Self.maximumHead) else {
        if bytes.count &- offset >= Self.maximumHead {
          sides[side].isLost = true
          offset &+= 1
          continue
        }
        return offset
      }
      let length = head.contentLength(in: bytes) ?? 0
      guard length <= Self.maximumBody else {
        sides[side].isLost = true
        offset = head.end
        continue
      }
      let body = head.end..<head.end &+ length
      guard body.upperBound <= bytes.count else { return offset }
      message(bytes, &head, body, chunk, &context)
      offset = body.upperBound
    }
    return offset
  }

  /// Finds where framing starts again: a known channel with a known SSRC, a chain, or a message.
  private func resynchronize(
    _ bytes: Span<UInt8>, from start: Int, _ chunk: Chunk, _ context: borrowing RecognitionContext
  ) -> Int? {
    let side = Int(chunk.direction.rawValue)
    var offset = start
    while offset &+ 16 <= bytes.count {
      if bytes[offset] == UInt8(ascii: "$"), bytes[offset &+ 4] & 0xC0 == 0x80 {
        let source = bytes.integer32(offset &+ 12)
        for channel in channels where channel.number == bytes[offset &+ 1] {
          let current = Int(channel.rtp[side].current)
          if current < context.rtp.count,
            context.rtp[current].validator.synchronizationSource == source,
            InterleavedFrames.isFrame(bytes, at: offset)
          {
            return offset
          }
        }
        if InterleavedFrames.chain(bytes, from: offset) >= 3 { return offset }
      } else if bytes[offset] == UInt8(ascii: "R"), bytes.has("RTSP/1.0 ", at: offset) {
        return offset
      }
      offset &+= 1
    }
    return nil
  }

  /// Reads one interleaved frame.
  private mutating func frame(
    _ bytes: Span<UInt8>, _ number: UInt8, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    context.setService(.rtsp, chunk)
    var index = 0
    while index < channels.count, channels[index].number != number { index += 1 }
    if index == channels.count {
      guard index < Self.maximumChannels else { return }
      channels.append(Channel(number: number))
    }
    let side = Int(chunk.direction.rawValue)
    if bytes.count >= 8, RTCPPacket.packetTypes.contains(bytes[1]),
      RTCPPacket.isCompound(bytes, originalLength: bytes.count)
    {
      context.receiveRTCP(bytes, chunk)
      return
    }
    guard
      context.receiveRTP(bytes, chunk, &channels[index].rtp[side], kind: .rtspInterleaved)
    else { return }
    hint(index, side, &context)
  }

  /// Gives the streams of a channel the codec that the description names.
  private mutating func hint(_ index: Int, _ side: Int, _ context: inout RecognitionContext) {
    let current = Int(channels[index].rtp[side].current)
    guard current < context.rtp.count else { return }
    let stream = context.rtp[current].stream
    guard stream != RecognitionContext.none, channels[index].hintedStreams < 8,
      channels[index].hinted.last != stream, !channels[index].hinted.contains(stream)
    else { return }
    channels[index].hintedStreams += 1
    channels[index].hinted.append(stream)
    let place = Int(stream)
    context.streams[place].isStoredFootage = isStored
    guard channels[index].media >= 0, channels[index].media < media.count else { return }
    let section = media[channels[index].media]
    context.streams[place].announcedBy = described
    let type = context.rtp[current].validator.payloadType
    if let format = section.formats.first(where: { $0.payloadType == type })
      ?? section.formats.first, !format.name.isEmpty
    {
      context.streams[place].codecHint = CodecHint(
        name: format.name, clockRate: format.clockRate, media: section.media, source: "sdp")
      context.streams[place].parameterSets = format.parameterSets
    }
  }

  // MARK: Messages

  private mutating func message(
    _ bytes: Span<UInt8>, _ head: inout MessageHead, _ body: Range<Int>, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    context.setService(.rtsp, chunk)
    let sequence = head.value(.commandSequence).flatMap { bytes.decimal($0) } ?? -1
    var request: Request?
    if bytes.has("RTSP/", at: head.startLine.lowerBound) {
      let words = bytes.words(head.startLine, limit: 3)
      if let position = requests.firstIndex(where: {
        $0.sequence == sequence && $0.direction != chunk.direction
      }) {
        let isFinal = words.count > 1 && bytes.byte(words[1].lowerBound) != UInt8(ascii: "1")
        request = isFinal ? requests.remove(at: position) : requests[position]
      }
      if let server = head.value(.server) {
        let text = bytes.text(server)
        context.addDetail(.server, text, chunk)
        VendorBanners.mark(text, source: "rtsp_server", chunk, &context)
      }
      if let challenge = head.value(.challenge) {
        Authentication.note(bytes, challenge, source: "rtsp_realm", chunk, &context)
      }
      guard words.count > 1, bytes.byte(words[1].lowerBound) == UInt8(ascii: "2") else { return }
      // Captured in one direction, or tunnelled through HTTP: a Transport header answers a SETUP.
      if request == nil, head.value(.transport) != nil {
        request = Request(
          sequence: sequence, method: "SETUP", uri: "", direction: chunk.direction.reversed)
      }
      if let request { answered(request, bytes, &head, chunk, &context) }
    } else {
      let words = bytes.words(head.startLine, limit: 3)
      guard words.count == 3 else { return }
      let new = Request(
        sequence: sequence, method: bytes.text(words[0], limit: 16), uri: bytes.text(words[1]),
        direction: chunk.direction)
      if requests.count >= Self.maximumRequests { requests.removeFirst() }
      requests.append(new)
      asked(new, bytes, &head, chunk, &context)
    }
    guard !body.isEmpty else { return }
    describe(bytes, body, chunk, &context)
  }

  private mutating func asked(
    _ request: Request, _ bytes: Span<UInt8>, _ head: inout MessageHead, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    if let agent = head.value(.userAgent) {
      context.addDetail(.userAgent, bytes.text(agent), chunk)
    }
    if let authorization = head.value(.authorization) {
      Authentication.noteUser(bytes, authorization, chunk, &context)
    }
    let address = RequestTarget(request.uri)
    context.setServerName(address.host)
    context.addDetail(.path, address.path, chunk)
    if StoredFootage.isAskedFor(by: request.uri) || isReplay(request, bytes, &head, chunk) {
      if !isStored { announceStored(chunk, &context) }
      isStored = true
      context.noteStoredFootage(chunk)
    }
    switch request.method {
    case "RECORD", "ANNOUNCE": context.setIntent(sender: chunk.direction, chunk)
    case "PLAY":
      isPlaying = true
      context.setIntent(sender: chunk.direction.reversed, chunk)
    default: break
    }
  }

  /// Whether a request asks for what was recorded by its headers: a part of it, or ONVIF's replay.
  private func isReplay(
    _ request: Request, _ bytes: Span<UInt8>, _ head: inout MessageHead, _ chunk: Chunk
  ) -> Bool {
    if let require = head.value(.require),
      bytes.firstIndex(of: "onvif-replay", in: require) != nil
    {
      return true
    }
    guard request.method == "PLAY", let range = head.value(.range) else { return false }
    return PlaybackRange.isStored(bytes, range, at: chunk.packet.time)
  }

  /// Names again, as stored, the endpoints that were set up before it was known.
  private func announceStored(_ chunk: Chunk, _ context: inout RecognitionContext) {
    for endpoint in endpoints {
      var again = endpoint
      again.place = context.place(chunk)
      again.isStoredFootage = true
      context.announce(again)
    }
  }

  private mutating func answered(
    _ request: Request, _ bytes: Span<UInt8>, _ head: inout MessageHead, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    guard request.method == "SETUP", let transport = head.value(.transport) else {
      return
    }
    let index = section(of: request.uri)
    setups += 1
    let setup = TransportHeader(parsing: bytes, transport)
    if let channel = setup.interleaved {
      for number in [channel, channel &+ 1] {
        if let known = channels.firstIndex(where: { $0.number == number }) {
          channels[known].media = index
        } else if channels.count < Self.maximumChannels {
          var new = Channel(number: number)
          new.media = index
          channels.append(new)
        }
      }
      return
    }
    let formats = index >= 0 && index < media.count ? media[index].formats : []
    let kind = index >= 0 && index < media.count ? media[index].media : ""
    let client = context.source(request.direction).address
    let server = context.source(request.direction.reversed).address
    let isRecording = setup.isRecording
    let ends: [(port: UInt16?, address: IPAddress, isSource: Bool)] = [
      (setup.clientPort, setup.destination ?? client, isRecording),
      (setup.serverPort, setup.source ?? server, !isRecording),
      (setup.multicastPort, setup.destination ?? .unspecified, false),
    ]
    for end in ends {
      guard let port = end.port else { continue }
      let endpoint = MediaEndpointAnnouncement(
        place: context.place(chunk), address: end.address, port: port, isSource: end.isSource,
        synchronizationSource: setup.synchronizationSource, formats: formats, media: kind,
        isStoredFootage: isStored)
      context.announce(endpoint)
      if endpoints.count < Self.maximumChannels { endpoints.append(endpoint) }
    }
  }

  /// The media section that a SETUP is for: by its control URL, else by order.
  private func section(of uri: String) -> Int {
    for (index, section) in media.enumerated()
    where !section.control.isEmpty && section.control != "*" && uri.hasSuffix(section.control) {
      return index
    }
    return setups < media.count ? setups : media.count - 1
  }

  private mutating func describe(
    _ bytes: Span<UInt8>, _ body: Range<Int>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    guard let description = SessionDescription(parsing: bytes, body) else { return }
    media = description.media
    setups = 0
    described = chunk.packet
    isStored = isStored || description.isStoredFootage
    VendorBanners.mark(description, chunk, &context)
    for section in media where section.port != 0 {
      context.announce(
        MediaEndpointAnnouncement(
          place: context.place(chunk), address: section.address ?? .unspecified,
          port: section.port, isSource: false, synchronizationSource: section.sources.first,
          formats: section.formats, media: section.media, isStoredFootage: isStored))
    }
  }
}
