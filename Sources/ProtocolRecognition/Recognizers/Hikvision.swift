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
  /// Longest control message of the SDK.
  static let maximumMessage = 1 << 20

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

  init() {}

  private static func form(_ bytes: Span<UInt8>) -> Form? {
    guard bytes.count >= 16 else { return nil }
    if bytes.has("IMKH") || bytes.has("4HKH") { return .mediaHeader }
    if bytes.integer32(0) == 0x9EBA_ACE9, bytes.integer32(4) == 0x0100_0000 { return .envelope }
    let length = Int(bytes.integer32(0))
    let family = bytes.integer32(4)
    if length >= 16, length <= maximumMessage, family == 0x5A00_0000 || family == 0x6300_0000 {
      // Login requests have no authentication word; control requests eight zero bytes at 24.
      if family == 0x5A00_0000, bytes.integer32(8) == 0 { return .sdk }
      if family == 0x6300_0000, bytes.count >= 32, bytes.integer64(24) == 0 { return .sdk }
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

  /// The message codes of the relay: keep-alive, stream information, notifications.
  private static func isRelayCode(_ code: Int) -> Bool {
    [0x0132, 0x0133, 0x013B, 0x013C, 0x013D, 0x014A].contains(code)
  }

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
    case .sdk:
      media(bytes, chunk, side, &context)
      return .more
    case .envelope, nil: return .more
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
    collector.feed(
      bytes, headerByteCount: 8,
      length: { Self.isRelayFrame($0, 0) ? $0.integer16(2) : nil },
      frame: { frame in
        let channel = frame.byte(1)
        guard channel == 1 || channel == 0x0B, frame.count > 8 else { return }
        if stream == nil {
          stream = context.addStream(
            .vendor, direction: chunk.direction, vendorProtocol: "hikvision")
        }
        guard let stream else { return }
        if channel == 0x0B { context.streams[Int(stream)].isEncrypted = true }
        let body = frame.extracting(8..<frame.count)
        if channel == 1, frame.integer32(8) & 0xFFFF_FF00 == 0x0000_0100 || body.count > 0 {
          context.emit(stream, .programStream, body, part)
        } else {
          context.count(stream, body.count, part)
        }
      })
    streams[side] = stream
    swap(&collector, &relay[side])
  }

  // MARK: SDK

  /// Frames 24, channel, little-endian total length: three that follow each other.
  private static func chain(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var offset = start
    var frames = 0
    while frames < 3, offset &+ 6 <= bytes.count {
      guard bytes[offset] == UInt8(ascii: "$") else { return frames > 0 ? 0 : 0 }
      let length = bytes.littleInteger16(offset &+ 2)
      guard length >= 16, bytes[offset &+ 4] & 0xC0 == 0x80 else { return 0 }
      frames &+= 1
      offset &+= length
    }
    return frames
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
        guard Self.chain(span, offset) >= 3 else {
          offset &+= 1
          continue
        }
        isLost[side] = false
      }
      if span[offset] == UInt8(ascii: "$") {
        let length = span.littleInteger16(offset &+ 2)
        guard length >= 16 else {
          isLost[side] = true
          offset &+= 1
          continue
        }
        guard offset &+ length <= span.count else { break }
        let frame = span.extracting(offset &+ 4..<offset &+ length)
        part.originalLength = frame.count
        _ = context.receiveRTP(frame, part, &demultiplexers[side], kind: .vendor)
        offset &+= length
      } else {
        let length = Int(span.integer32(offset))
        guard length >= 16, length <= Self.maximumMessage else {
          isLost[side] = true
          offset &+= 1
          continue
        }
        guard offset &+ length <= span.count else { break }
        offset &+= length
      }
    }
    buffer.removeFirst(min(offset, buffer.count))
    if buffer.count > 131_072 { buffer.removeFirst(buffer.count - 4_096) }
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
