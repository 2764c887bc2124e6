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
        let missing = 5 - sides[side].header.count
        let taken = min(missing, bytes.count - offset)
        sides[side].header.append(contentsOf: bytes, in: offset..<offset + taken)
        offset += taken
        guard sides[side].header.count == 5 else { return .more }
        let header = sides[side].header
        sides[side].header.removeAll(keepingCapacity: true)
        let length = Int(header[3]) << 8 | Int(header[4])
        guard (20...23).contains(header[0]), header[1] == 3, length > 0,
          length <= Self.maximumRecord
        else { return .directionDone }
        sides[side].left = length
        sides[side].isHandshake = header[0] == 22
        // Application data and the change to ciphers: nothing more stands in the clear.
        if header[0] == 23 || header[0] == 20 { return .directionDone }
      }
      let taken = min(sides[side].left, bytes.count - offset)
      if sides[side].isHandshake {
        sides[side].handshake.append(contentsOf: bytes, in: offset..<offset + taken)
      }
      sides[side].left -= taken
      offset += taken
      if read(side, chunk, &context) { return .directionDone }
    }
    return .more
  }

  /// Reads the handshake messages that are whole; `true` when nothing more is of interest.
  private mutating func read(
    _ side: Int, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> Bool {
    var offset = 0
    let count = sides[side].handshake.count
    var isDone = false
    do {
      let bytes = sides[side].handshake.span
      while offset &+ 4 <= count {
        let type = bytes[offset]
        let length = bytes.integer24(offset &+ 1)
        let start = offset &+ 4
        let isFull = count >= Self.maximumHandshake
        guard start &+ length <= count || isFull else { break }
        let body = bytes.extracting(start..<min(count, start &+ length))
        switch type {
        case 1:
          context.note(ClientHello(parsing: body, carrier: .stream), chunk)
          isDone = true
        case 2: isDone = Self.isVersion13(body)
        case 11:
          for name in CertificateNames.read(body) {
            context.addDetail(.certificateName, name, chunk)
          }
          isDone = true
        case 14, 16: isDone = true
        default: break
        }
        offset = min(count, start &+ length)
        if isDone { break }
      }
    }
    if offset > 0 { sides[side].handshake.removeFirst(offset) }
    if isDone || sides[side].handshake.count >= Self.maximumHandshake {
      sides[side].handshake = []
      return true
    }
    return false
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
