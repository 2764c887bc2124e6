// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Adobe's Real-Time Messaging Protocol (RTMP 1.0 specification; camera-protocols.md A11).
struct RTMPRecognizer: MidStreamRecognizer {
  static let readsDatagrams = false
  static let readsStreams = true

  /// C0 and C1, and C2: bytes of a direction before its chunks.
  static let handshakeByteCount = 1 + 1_536 + 1_536
  /// Chunk size before a peer changes it.
  static let defaultChunkByteCount = 128
  /// Bytes kept of one message; the first NAL units of a frame lie there.
  static let maximumMessage = 65_536
  /// Chunk streams kept of a direction.
  static let maximumChunkStreams = 32
  /// Chunks that must follow each other when joining in the middle.
  static let chunksToResume = 4

  private struct ChunkStream {
    var identifier = 0
    var timestamp: UInt32 = 0
    var delta: UInt32 = 0
    var length = 0
    var type: UInt8 = 0
    var hasExtendedTimestamp = false
    /// Bytes of the current message still to come.
    var left = 0
    var body: [UInt8] = []
  }

  private struct Side {
    var handshakeLeft = RTMPRecognizer.handshakeByteCount
    var chunkByteCount = RTMPRecognizer.defaultChunkByteCount
    var chunkStreams: [ChunkStream] = []
    /// The chunk stream whose payload is being read, and how much of its chunk is left.
    var current = -1
    var chunkLeft = 0
    var header: [UInt8] = []
    var isLost = false
    var stream: UInt32?
    var hasGap = false

    var heldByteCount: Int { chunkStreams.reduce(0) { $0 &+ $1.body.count } }
  }

  private var sides: InlineArray<2, Side> = .init(repeating: Side())
  private var isJoined = false

  init() {}

  var heldByteCount: Int { sides[0].heldByteCount &+ sides[1].heldByteCount }

  static let firstBytes = FirstBytes(3...3)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    // C0 version 3; C1 time, then four zero bytes or the version of a Flash program (digested
    // handshakes), then random bytes.
    guard bytes.byte(0) == 3 else { return .notMine }
    guard bytes.count >= 9 else { return bytes.count < 4 ? .unsure : .notMine }
    let word = bytes.integer32(5)
    let isDigested = bytes[5] <= 0x80 && bytes[6] <= 0x10 && bytes[8] <= 0x10
    guard word == 0 || isDigested else { return .notMine }
    if bytes.count >= 1_537 {
      guard hint.originalLength == 1_537 || bytes.count > 1_537 else { return .notMine }
      return hint.uses(1_935) || word == 0 || bytes.count <= handshakeByteCount ? .certain : .unsure
    }
    // The rest comes with the next segment; senders of digests leave their time at zero.
    return word == 0 || hint.uses(1_935) || bytes.integer32(1) == 0 ? .unsure : .notMine
  }

  /// Looks for a chain of chunk headers of type 0 and 1 with plausible messages.
  static func resume(_ bytes: Span<UInt8>) -> Int? {
    guard bytes.count >= 64 else { return nil }
    var offset = 0
    while offset &+ 12 <= bytes.count {
      // The type byte first: it refuses 254 of 256 places.
      let type = bytes[offset &+ 7]
      if type == 8 || type == 9, isMediaHeader(bytes, offset) {
        for size in [128, 4_096, 65_536, 60_000, 8_192, 1_024] {
          if chain(bytes, offset, chunkByteCount: size) >= chunksToResume { return offset }
        }
      }
      offset &+= 1
    }
    return nil
  }

  /// A header of format 0 or 1 on a low chunk stream for an audio or video message whose first
  /// byte fits its type.
  private static func isMediaHeader(_ bytes: Span<UInt8>, _ offset: Int) -> Bool {
    let format = bytes.byte(offset) >> 6
    let identifier = bytes.byte(offset) & 0x3F
    guard format <= 1, identifier >= 2 else { return false }
    let length = bytes.integer24(offset &+ 4)
    let type = bytes.byte(offset &+ 7)
    guard length > 0, length < 4 << 20, type == 8 || type == 9 else { return false }
    let start = offset &+ (format == 0 ? 12 : 8)
    if format == 0, bytes.byte(offset &+ 8) > 16 || bytes.byte(offset &+ 9) != 0 { return false }
    guard start < bytes.count else { return false }
    let first = bytes[start]
    return type == 9
      ? first & 0x80 != 0 || ((1...5).contains(first >> 4) && [2, 4, 7, 12].contains(first & 15))
      : [2, 7, 8, 10, 11].contains(first >> 4)
  }

  /// Number of chunks that follow each other from `offset` with one chunk size.
  private static func chain(_ bytes: Span<UInt8>, _ offset: Int, chunkByteCount: Int) -> Int {
    var position = offset
    var left = 0
    var chunks = 0
    var headers = 0
    while position < bytes.count, chunks < 64, headers < chunksToResume {
      let format = bytes[position] >> 6
      if left > 0 {
        guard format == 3 else { return 0 }
        position &+= 1
      } else if isMediaHeader(bytes, position) {
        left = bytes.integer24(position &+ 4)
        position &+= format == 0 ? 12 : 8
        headers &+= 1
      } else {
        return 0
      }
      let taken = min(left, chunkByteCount)
      left &-= taken
      position &+= taken
      chunks &+= 1
    }
    return headers >= 2 ? chunks : 0
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    let side = Int(chunk.direction.rawValue)
    context.setService(.rtmp, chunk)
    var offset = 0
    if !isJoined {
      isJoined = true
      if bytes.byte(0) != 3 || bytes.count < 9 || Self.isMediaHeader(bytes, 0) {
        // Joined in the middle: no handshake comes.
        sides[0].handshakeLeft = 0
        sides[1].handshakeLeft = 0
        sides[1 - side].isLost = true
        for size in [128, 4_096, 65_536, 60_000, 8_192, 1_024]
        where Self.chain(bytes, 0, chunkByteCount: size) >= Self.chunksToResume {
          sides[side].chunkByteCount = size
          break
        }
      }
    }
    let handshake = min(sides[side].handshakeLeft, bytes.count)
    sides[side].handshakeLeft -= handshake
    offset += handshake
    while offset < bytes.count {
      if sides[side].isLost {
        let rest = bytes.extracting(offset..<bytes.count)
        guard let found = Self.resume(rest) else { return .more }
        offset += found
        sides[side].isLost = false
        sides[side].hasGap = true
        sides[side].current = -1
        sides[side].header = []
      }
      if sides[side].chunkLeft > 0, sides[side].current >= 0 {
        let taken = min(sides[side].chunkLeft, bytes.count - offset)
        payload(bytes.extracting(offset..<offset + taken), side, chunk, &context)
        offset += taken
        continue
      }
      sides[side].header.append(bytes[offset])
      offset += 1
      header(side)
    }
    return .more
  }

  /// Reads the header collected so far, once it is whole.
  private mutating func header(_ side: Int) {
    let header = sides[side].header
    let format = header[0] >> 6
    var offset = 1
    var identifier = Int(header[0] & 0x3F)
    if identifier == 0 {
      guard header.count >= 2 else { return }
      identifier = Int(header[1]) + 64
      offset = 2
    } else if identifier == 1 {
      guard header.count >= 3 else { return }
      identifier = Int(header[1]) + Int(header[2]) << 8 + 64
      offset = 3
    }
    let fixed = [11, 7, 3, 0][Int(format)]
    guard header.count >= offset + fixed else { return }
    var index = sides[side].chunkStreams.firstIndex { $0.identifier == identifier } ?? -1
    if index < 0 {
      guard sides[side].chunkStreams.count < Self.maximumChunkStreams else {
        sides[side].isLost = true
        sides[side].header = []
        return
      }
      sides[side].chunkStreams.append(ChunkStream(identifier: identifier))
      index = sides[side].chunkStreams.count - 1
    }
    var state = sides[side].chunkStreams[index]
    let stamp =
      format == 3
      ? 0
      : UInt32(header[offset]) << 16 | UInt32(header[offset + 1]) << 8 | UInt32(header[offset + 2])
    let isExtended = format == 3 ? state.hasExtendedTimestamp : stamp == 0xFF_FFFF
    let total = offset + fixed + (isExtended ? 4 : 0)
    guard header.count >= total else { return }
    var value = stamp
    if isExtended {
      value = 0
      for byte in header[(total - 4)...] { value = value << 8 | UInt32(byte) }
    }
    let isContinuation = format == 3 && state.left > 0
    if format <= 1 {
      state.length =
        Int(header[offset + 3]) << 16 | Int(header[offset + 4]) << 8 | Int(header[offset + 5])
      state.type = header[offset + 6]
    }
    if format < 3 { state.hasExtendedTimestamp = isExtended }
    if format == 0 {
      state.timestamp = value
      state.delta = 0
    } else if format < 3 {
      state.delta = value
      state.timestamp &+= value
    } else if !isContinuation {
      state.timestamp &+= state.delta
    }
    if !isContinuation {
      state.left = state.length
      state.body.removeAll(keepingCapacity: true)
    }
    // Message types 1...22; anything else means that the framing is lost.
    if state.type == 0 || state.type > 22 || state.left == 0 {
      if state.left != 0 || state.type > 22 { sides[side].isLost = true }
    }
    sides[side].chunkStreams[index] = state
    sides[side].current = index
    sides[side].chunkLeft = min(state.left, sides[side].chunkByteCount)
    sides[side].header = []
  }

  private mutating func payload(
    _ bytes: Span<UInt8>, _ side: Int, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    let index = sides[side].current
    let room = max(0, Self.maximumMessage - sides[side].chunkStreams[index].body.count)
    sides[side].chunkStreams[index].body.append(
      contentsOf: bytes, in: 0..<min(bytes.count, room))
    sides[side].chunkStreams[index].left -= bytes.count
    sides[side].chunkLeft -= bytes.count
    guard sides[side].chunkStreams[index].left <= 0 else { return }
    var body: [UInt8] = []
    swap(&body, &sides[side].chunkStreams[index].body)
    let type = sides[side].chunkStreams[index].type
    let timestamp = sides[side].chunkStreams[index].timestamp
    message(type, timestamp, body.span, side, chunk, &context)
    body.removeAll(keepingCapacity: true)
    swap(&body, &sides[side].chunkStreams[index].body)
  }

  private mutating func message(
    _ type: UInt8, _ timestamp: UInt32, _ body: Span<UInt8>, _ side: Int, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    switch type {
    case 1:
      let size = Int(body.integer32(0) & 0x7FFF_FFFF)
      if size >= 1, size <= 0xFF_FFFF { sides[side].chunkByteCount = size }
    case 8, 9:
      if sides[side].stream == nil {
        sides[side].stream = context.addStream(.rtmp, direction: chunk.direction)
      }
      guard let stream = sides[side].stream else { return }
      var part = chunk
      part.region = nil
      context.emit(
        stream, .flvTag, body, part, isLastOfAccessUnit: true, followsGap: sides[side].hasGap,
        subtype: type, timestamp: timestamp)
      sides[side].hasGap = false
    case 17, 20: command(body, type == 17 ? 1 : 0, chunk, &context)
    default: break
    }
  }

  /// AMF0 commands: `connect`, `publish`, `play`.
  private func command(
    _ body: Span<UInt8>, _ start: Int, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    guard body.byte(start) == 2 else { return }
    let name = start &+ 3..<start &+ 3 &+ body.integer16(start &+ 1)
    switch body.text(name, limit: 32) {
    case "publish": context.setIntent(sender: chunk.direction, chunk)
    case "play", "play2": context.setIntent(sender: chunk.direction.reversed, chunk)
    case "connect":
      if let address = Self.string("tcUrl", body) {
        context.setServerName(RequestTarget(address).host)
      }
      if let application = Self.string("app", body) {
        // The query of an application name may hold a key.
        context.addDetail(.application, RequestTarget(application).path, chunk)
      }
      if let version = Self.string("flashVer", body) {
        context.addDetail(.userAgent, version, chunk)
      }
    default: break
    }
  }

  /// The string value of an AMF0 object's property.
  private static func string(_ name: ASCII, _ body: Span<UInt8>) -> String? {
    guard let found = body.firstIndex(of: name, in: 0..<min(body.count, 2_048)) else { return nil }
    let value = found &+ name.bytes.count
    guard body.byte(value) == 2 else { return nil }
    return body.text(value &+ 3..<value &+ 3 &+ body.integer16(value &+ 1))
  }

  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    let side = Int(direction.rawValue)
    if count <= sides[side].handshakeLeft {
      sides[side].handshakeLeft -= count
      return
    }
    sides[side].handshakeLeft = 0
    if sides[side].current >= 0, count < sides[side].chunkLeft {
      // A hole inside one chunk: its message is cut short, the framing stands.
      let index = sides[side].current
      sides[side].chunkLeft -= count
      sides[side].chunkStreams[index].left -= count
      sides[side].hasGap = true
    } else {
      sides[side].isLost = true
      sides[side].chunkLeft = 0
    }
  }
}
