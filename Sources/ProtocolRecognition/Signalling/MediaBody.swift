// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// The body of an HTTP message, or of a part of one, as far as it is media.
struct MediaBody {
  /// Bytes kept of one image.
  static let maximumImage = 65_536
  /// Bytes that tell what a body is.
  static let sniffed = 16

  private enum Content {
    /// Not decided yet.
    case unknown
    /// Not media.
    case other
    case flv(FLVReader)
    case isoBaseMedia
    case programStream
    case dhav
    case image
    /// Anything that the recognizers take: transport stream, RTSP tunnels, WebSocket payloads.
    case nested
  }

  private var content = Content.unknown
  private var sniff: [UInt8] = []
  private var image: [UInt8] = []
  private var stream: UInt32?
  private var hosts: [PayloadHost] = []
  private var hasGap = false
  /// Whether the body is part of a running multipart stream.
  var isRunning = false

  /// Whether the body turned out to be media.
  var isMedia: Bool { stream != nil || !hosts.isEmpty }
  /// Whether the body is known to be of no interest, so that it can be passed over unread.
  var isOther: Bool { if case .other = content { true } else { false } }

  init() {}

  /// Bytes kept until there are more.
  var heldByteCount: Int {
    var count = sniff.count &+ image.count
    if case .flv(let reader) = content { count &+= reader.heldByteCount }
    return count
  }

  /// A body whose bytes are for the recognizers, as after an upgrade.
  static func nested() -> MediaBody {
    var body = MediaBody()
    body.content = .nested
    body.hosts = [PayloadHost()]
    return body
  }

  /// Reads the next bytes; `images` is the stream that images go to, shared by parts and messages.
  mutating func read(
    _ bytes: Span<UInt8>, images: inout UInt32?, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    guard bytes.count > 0 else { return }
    if case .unknown = content {
      if sniff.isEmpty, bytes.count >= Self.sniffed {
        decide(bytes)
        take(bytes, &images, chunk, &context)
      } else {
        sniff.append(contentsOf: bytes)
        guard sniff.count >= Self.sniffed else { return }
        var whole: [UInt8] = []
        swap(&whole, &sniff)
        var part = chunk
        part.region = nil
        decide(whole.span)
        take(whole.span, &images, part, &context)
      }
      return
    }
    take(bytes, &images, chunk, &context)
  }

  /// Whether the first bytes of a body are those of media; at least ``sniffed`` of them.
  static func isMedia(_ bytes: Span<UInt8>) -> Bool { Beginning(of: bytes) != .other }

  private mutating func decide(_ bytes: Span<UInt8>) {
    switch Beginning(of: bytes) {
    case .flv: content = .flv(FLVReader())
    case .image: content = .image
    case .isoBaseMedia: content = .isoBaseMedia
    case .programStream: content = .programStream
    case .dhav: content = .dhav
    case .transportStream:
      content = .nested
      hosts = [PayloadHost()]
    case .other: content = .other
    }
  }

  private mutating func take(
    _ bytes: Span<UInt8>, _ images: inout UInt32?, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    switch content {
    case .unknown, .other: return
    case .image:
      let room = max(0, min(bytes.count, Self.maximumImage - image.count))
      image.append(contentsOf: bytes, in: 0..<room)
      if images == nil {
        images = context.addStream(.http, direction: chunk.direction)
        if let images { context.streams[Int(images)].isStillImages = !isRunning }
      }
      stream = images
    case .nested:
      guard chunk.depth < RecognitionLimits.maximumDepth, !hosts.isEmpty else { return }
      var part = chunk
      part.depth += 1
      part.isDatagram = false
      hosts[0].bytes(bytes, part, &context)
    case .flv(var reader):
      content = .other
      open(chunk, &context)
      if let stream { reader.read(bytes, stream: stream, chunk, &context) }
      content = .flv(reader)
    case .isoBaseMedia: emit(.isoBaseMedia, bytes, chunk, &context)
    case .programStream: emit(.programStream, bytes, chunk, &context)
    case .dhav: emit(.dhav, bytes, chunk, &context)
    }
  }

  private mutating func open(_ chunk: Chunk, _ context: inout RecognitionContext) {
    if stream == nil { stream = context.addStream(.http, direction: chunk.direction) }
  }

  private mutating func emit(
    _ framing: MediaFraming, _ bytes: Span<UInt8>, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    open(chunk, &context)
    guard let stream else { return }
    context.emit(stream, framing, bytes, chunk, followsGap: hasGap)
    hasGap = false
  }

  /// `count` bytes are missing.
  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    hasGap = true
    if !hosts.isEmpty { hosts[0].gap(count, direction, &context) }
    if case .flv(var reader) = content {
      reader.skip(count)
      content = .flv(reader)
    }
  }

  /// The body ended.
  mutating func end(_ chunk: Chunk, _ context: inout RecognitionContext) {
    if !image.isEmpty, let stream {
      var part = chunk
      part.region = nil
      context.emit(stream, .jpegImage, image.span, part, isLastOfAccessUnit: true)
    }
    image = []
    release(&context)
  }

  /// Gives back what nested hosts hold.
  mutating func release(_ context: inout RecognitionContext) {
    for index in hosts.indices { hosts[index].end(&context) }
    hosts = []
  }
}

extension MediaBody {
  /// What the first bytes of a body are those of.
  private enum Beginning {
    case flv
    case image
    case isoBaseMedia
    case programStream
    case dhav
    case transportStream
    case other

    /// Judges at least ``MediaBody/sniffed`` bytes.
    init(of bytes: Span<UInt8>) {
      if FLVReader.isHeader(bytes) {
        self = .flv
      } else if bytes[0] == 0xFF, bytes[1] == 0xD8, bytes[2] == 0xFF {
        self = .image
      } else if Self.isBox(bytes.integer32(4)) {
        self = .isoBaseMedia
      } else if bytes.integer32(0) == 0x0000_01BA {
        self = .programStream
      } else if bytes.has("DHAV") {
        self = .dhav
      } else if bytes[0] == MPEGTransportStreamRecognizer.syncByte, bytes[3] & 0x30 != 0 {
        self = .transportStream
      } else {
        self = .other
      }
    }

    /// Whether a box of this type begins a fragmented MP4, ISO/IEC 14496-12.
    private static func isBox(_ type: UInt32) -> Bool {
      switch type {
      case 0x6674_7970,  // ftyp
        0x7374_7970,  // styp
        0x6D6F_6F66,  // moof
        0x7369_6478,  // sidx
        0x6D6F_6F76:  // moov
        true
      default: false
      }
    }
  }
}
