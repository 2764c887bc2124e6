// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Transport Layer Security over TCP, [RFC 8446](https://www.rfc-editor.org/rfc/rfc8446) and
/// earlier: the names in the hellos and in certificates that travel in the clear.
struct TLSRecognizer: Recognizer {
  static let readsDatagrams = false
  static let readsStreams = true

  /// Handshake bytes collected of a direction; a certificate chain may be longer, its first
  /// certificate seldom is.
  static let maximumHandshake = 16_384
  /// Length of a record's header, RFC 8446 §5.1.
  static let recordHeader = 5
  /// Longest record, RFC 8446 §5.2, with the allowance of TLS 1.2.
  static let maximumRecord = 16_384 + 2_048

  private struct Side {
    /// Handshake messages put together from records.
    var handshake: [UInt8] = []
    /// Part of a record header that came so far.
    var header: [UInt8] = []
    /// Bytes of the current record still to come, and whether they are handshake.
    var left = 0
    var isHandshake = false
  }

  private var sides: InlineArray<2, Side> = .init(repeating: Side())

  init() {}

  var heldByteCount: Int { sides[0].handshake.count &+ sides[1].handshake.count }

  static let firstBytes = FirstBytes(20...23)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= 3 else {
      return bytes.byte(0) == 22 ? .unsure : .notMine
    }
    guard (20...23).contains(bytes[0]), bytes[1] == 3, bytes[2] <= 4 else { return .notMine }
    guard bytes.count >= 6 else { return .unsure }
    let length = bytes.integer16(3)
    guard length > 0, length <= maximumRecord else { return .notMine }
    if bytes[0] == 22 {
      return [1, 2, 11, 4, 0].contains(bytes[5]) || length > 40 ? .certain : .notMine
    }
    // A capture that begins inside a connection: the next record must follow where this one ends.
    let next = 5 &+ length
    if next &+ 3 <= bytes.count {
      return (20...23).contains(bytes[next]) && bytes[next &+ 1] == 3 ? .certain : .notMine
    }
    return bytes[0] == 23 && bytes[2] == 3 ? .certain : .unsure
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.tls, chunk)
    let side = Int(chunk.direction.rawValue)
    var offset = 0
    while offset < bytes.count {
      if sides[side].left == 0 {
        let type: UInt8
        let version: UInt8
        let length: Int
        if sides[side].header.isEmpty, offset + Self.recordHeader <= bytes.count {
          type = bytes[offset]
          version = bytes[offset + 1]
          length = bytes.integer16(offset + 3)
          offset += Self.recordHeader
        } else {
          let missing = Self.recordHeader - sides[side].header.count
          let taken = min(missing, bytes.count - offset)
          sides[side].header.append(contentsOf: bytes, in: offset..<offset + taken)
          offset += taken
          guard sides[side].header.count == Self.recordHeader else { return .more }
          type = sides[side].header[0]
          version = sides[side].header[1]
          length = sides[side].header.span.integer16(3)
          sides[side].header.removeAll(keepingCapacity: true)
        }
        guard (20...23).contains(type), version == 3, length > 0, length <= Self.maximumRecord
        else { return .directionDone }
        sides[side].left = length
        sides[side].isHandshake = type == 22
        // Application data and the change to ciphers: nothing more stands in the clear.
        if type == 23 || type == 20 { return .directionDone }
      }
      let taken = min(sides[side].left, bytes.count - offset)
      sides[side].left -= taken
      if sides[side].isHandshake,
        read(bytes.extracting(offset..<offset + taken), side, chunk, &context)
      {
        return .directionDone
      }
      offset += taken
    }
    return .more
  }

  /// Reads handshake bytes; `true` when nothing more is of interest.
  ///
  /// Messages that lie whole in them are read where they are, others are put together first.
  private mutating func read(
    _ part: Span<UInt8>, _ side: Int, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> Bool {
    if sides[side].handshake.isEmpty {
      let (end, isDone) = Self.read(part, chunk, &context)
      if isDone || part.count - end >= Self.maximumHandshake { return true }
      if end < part.count {
        sides[side].handshake.append(contentsOf: part, in: end..<part.count)
      }
      return false
    }
    sides[side].handshake.append(contentsOf: part)
    let (end, isDone) = Self.read(sides[side].handshake.span, chunk, &context)
    if isDone || sides[side].handshake.count - end >= Self.maximumHandshake {
      sides[side].handshake = []
      return true
    }
    if end > 0 { sides[side].handshake.removeFirst(end) }
    return false
  }

  /// Reads the handshake messages that are whole, and says where they end and whether nothing more
  /// is of interest.
  private static func read(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> (end: Int, isDone: Bool) {
    let count = bytes.count
    let isFull = count >= maximumHandshake
    var offset = 0
    var isDone = false
    while !isDone, offset &+ 4 <= count {
      let length = bytes.integer24(offset &+ 1)
      let start = offset &+ 4
      guard start &+ length <= count || isFull else { break }
      let body = bytes.extracting(start..<min(count, start &+ length))
      switch bytes[offset] {
      case 1:
        context.note(ClientHello(parsing: body, carrier: .stream), chunk)
        isDone = true
      case 2: isDone = isVersion13(body)
      case 11:
        for name in CertificateNames.read(body) {
          context.addDetail(.certificateName, name, chunk)
        }
        isDone = true
      case 14, 16: isDone = true
      default: break
      }
      offset = min(count, start &+ length)
    }
    return (offset, isDone)
  }

  /// Whether a ServerHello chose TLS 1.3 (`supported_versions`): its certificate is ciphered.
  private static func isVersion13(_ body: Span<UInt8>) -> Bool {
    var offset = 34
    offset &+= 1 &+ Int(body.byte(offset)) &+ 3
    let end = min(body.count, offset &+ 2 &+ body.integer16(offset))
    offset &+= 2
    while offset &+ 4 <= end {
      if body.integer16(offset) == 43, body.integer16(offset &+ 4) == 0x0304 { return true }
      offset &+= 4 &+ body.integer16(offset &+ 2)
    }
    return false
  }

  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    let side = Int(direction.rawValue)
    // A hole inside a record of known length does not lose the framing.
    if count <= sides[side].left {
      sides[side].left -= count
    } else {
      sides[side].left = 0
    }
    sides[side].handshake = []
    sides[side].header = []
  }
}
