// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// The header of a STUN message, [RFC 8489 §5](https://www.rfc-editor.org/rfc/rfc8489#section-5).
enum STUNMessage {
  static let headerByteCount = 20
  static let magicCookie: UInt32 = 0x2112_A442
  /// Attributes read of one message.
  static let maximumAttributes = 32

  /// Two zero bits, the magic cookie and a length that fits.
  static func isMessage(_ bytes: Span<UInt8>, originalLength: Int) -> Bool {
    guard bytes.count >= headerByteCount, bytes[0] & 0xC0 == 0,
      bytes.integer32(4) == magicCookie
    else { return false }
    let length = bytes.integer16(2)
    return length & 3 == 0 && headerByteCount &+ length <= originalLength
  }
}

/// STUN, ICE and TURN, RFC 8489, RFC 8445 and
/// [RFC 8656](https://www.rfc-editor.org/rfc/rfc8656); what a relay carries is looked at again.
struct STUNRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = true

  /// Peers told apart behind one relay.
  static let maximumPeers = 8
  /// Bytes that wait for the end of a message over TCP.
  static let maximumWaiting = 65_536 + 4

  /// A peer behind the relay and what it says.
  private struct Peer {
    var address: IPAddress
    var port: UInt16
    var channel: Int
    var host = PayloadHost()
  }

  private var peers: [Peer] = []
  private var waiting: InlineArray<2, [UInt8]> = .init(repeating: [])
  /// Whether the message loop of a direction lost its framing.
  private var isLost: InlineArray<2, Bool> = .init(repeating: false)
  private var isDTLS = false

  var mediaMayFollow: Bool { true }

  init() {}

  var heldByteCount: Int { waiting[0].count &+ waiting[1].count }

  static let firstBytes = FirstBytes(0x00...0x4F)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    if STUNMessage.isMessage(bytes, originalLength: hint.originalLength) { return .certain }
    guard hint.isDatagram else { return .notMine }
    // Channel data of a relay whose binding was before the capture: only with the usual port.
    if bytes.count >= 16, bytes[0] >= 0x40, bytes[0] <= 0x4F, hint.uses(3_478) {
      let rest = hint.originalLength &- 4 &- bytes.integer16(2)
      return rest >= 0 && rest < 4 ? .unsure : .notMine
    }
    return .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    guard chunk.isDatagram else { return followStream(bytes, chunk, &context) }
    if STUNMessage.isMessage(bytes, originalLength: chunk.originalLength) {
      message(bytes, chunk, &context)
      return .more
    }
    guard bytes.count >= 4 else { return .foreignDatagram }
    // RFC 7983 §7: the first byte tells the protocols on one five-tuple apart.
    switch bytes[0] {
    case 20...63 where DTLSRecognizer.isRecord(bytes, originalLength: chunk.originalLength):
      isDTLS = true
      DTLSRecognizer.note(bytes, chunk, &context)
      return .more
    case 64...79 where 4 &+ bytes.integer16(2) <= chunk.originalLength:
      channelData(bytes, chunk, &context)
      return .more
    default: return .foreignDatagram
    }
  }

  private mutating func followStream(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    let side = Int(chunk.direction.rawValue)
    guard !isLost[side] else { return .directionDone }
    waiting[side].append(contentsOf: bytes)
    var buffer: [UInt8] = []
    swap(&buffer, &waiting[side])
    var offset = 0
    while offset &+ 4 <= buffer.count {
      let span = buffer.span
      var length = span.integer16(offset &+ 2)
      if buffer[offset] & 0xC0 == 0 {
        length &+= STUNMessage.headerByteCount
      } else if buffer[offset] & 0xF0 == 0x40 {
        // Over TCP channel data is padded to four bytes (RFC 8656 §12.5).
        length = 4 &+ (length &+ 3) / 4 &* 4
      } else {
        isLost[side] = true
        break
      }
      guard offset &+ length <= buffer.count else { break }
      var part = chunk
      part.region = nil
      part.isDatagram = true
      part.originalLength = length
      let unit = span.extracting(offset..<offset &+ length)
      if buffer[offset] & 0xC0 == 0 {
        message(unit, part, &context)
      } else {
        channelData(unit, part, &context)
      }
      offset &+= length
    }
    buffer.removeFirst(min(offset, buffer.count))
    if buffer.count <= Self.maximumWaiting { swap(&buffer, &waiting[side]) }
    return isLost[side] ? .directionDone : .more
  }

  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    // Without a sync word a hole ends the framing; messages are found again by their cookie only
    // at a segment's start, which is not worth the state.
    isLost[Int(direction.rawValue)] = true
  }

  mutating func end(_ context: inout RecognitionContext) {
    for index in peers.indices { peers[index].host.end(&context) }
  }

  // MARK: Messages

  private mutating func message(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    context.setService(.stun, chunk)
    let type = bytes.integer16(0)
    var peer: (address: IPAddress, port: UInt16)?
    var mapped: (address: IPAddress, port: UInt16)?
    var relayed: (address: IPAddress, port: UInt16)?
    var channel = -1
    var data = 0..<0
    var offset = STUNMessage.headerByteCount
    let end = min(bytes.count, offset &+ bytes.integer16(2))
    var number = 0
    while offset &+ 4 <= end, number < STUNMessage.maximumAttributes {
      let start = offset &+ 4
      let stop = start &+ bytes.integer16(offset &+ 2)
      guard stop <= end else { break }
      switch bytes.integer16(offset) {
      case 0x0012: peer = Self.address(bytes, start..<stop)
      case 0x0020: mapped = Self.address(bytes, start..<stop)
      case 0x0016: relayed = Self.address(bytes, start..<stop)
      case 0x000C: channel = bytes.integer16(start)
      case 0x0013: data = start..<stop
      case 0x0014: context.addDetail(.realm, bytes.text(start..<stop), chunk)
      case 0x8022: context.addDetail(.software, bytes.text(start..<stop), chunk)
      // PRIORITY, USE-CANDIDATE, ICE-CONTROLLED, ICE-CONTROLLING: media is being set up.
      case 0x0024, 0x0025, 0x8029, 0x802A: context.setWebRTC(chunk)
      default: break
      }
      offset = start &+ (stop &- start &+ 3) / 4 &* 4
      number &+= 1
    }
    if let mapped, type == 0x0101 || type == 0x0103 {
      context.announce(
        RelayAnnouncement(
          place: context.place(chunk), peerAddress: .unspecified, peerPort: 0,
          mappedAddress: mapped.address, mappedPort: mapped.port,
          relayedAddress: relayed?.address, relayedPort: relayed?.port ?? 0))
    }
    guard let peer else { return }
    // Anything with a peer address is a TURN client's (RFC 8656).
    context.announce(
      RelayAnnouncement(
        place: context.place(chunk), peerAddress: peer.address, peerPort: peer.port,
        mappedAddress: nil, mappedPort: 0, relayedAddress: nil, relayedPort: 0))
    let index = self.peer(peer.address, peer.port)
    if channel >= 0, index >= 0 { peers[index].channel = channel }
    if !data.isEmpty, index >= 0 {
      inner(bytes.extracting(data), chunk.part(data.lowerBound, data.count), index, &context)
    }
  }

  private mutating func channelData(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    context.setService(.stun, chunk)
    let channel = bytes.integer16(0)
    let length = min(bytes.integer16(2), bytes.count &- 4)
    guard length > 0 else { return }
    var index = peers.firstIndex { $0.channel == channel } ?? -1
    if index < 0 {
      index = peer(.unspecified, UInt16(truncatingIfNeeded: channel))
      if index >= 0 { peers[index].channel = channel }
    }
    guard index >= 0 else { return }
    inner(bytes.extracting(4..<4 &+ length), chunk.part(4, length), index, &context)
  }

  private mutating func peer(_ address: IPAddress, _ port: UInt16) -> Int {
    if let known = peers.firstIndex(where: { $0.address == address && $0.port == port }) {
      return known
    }
    guard peers.count < Self.maximumPeers else { return -1 }
    peers.append(Peer(address: address, port: port, channel: -1))
    return peers.count - 1
  }

  private mutating func inner(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ index: Int, _ context: inout RecognitionContext
  ) {
    guard chunk.depth < RecognitionLimits.maximumDepth else { return }
    var part = chunk
    part.depth &+= 1
    part.isDatagram = true
    let before = context.streams.count
    peers[index].host.expectsMedia = true
    peers[index].host.datagram(bytes, part, &context)
    guard peers[index].address != .unspecified else { return }
    for stream in before..<context.streams.count {
      context.streams[stream].peerAddress = peers[index].address
      context.streams[stream].peerPort = peers[index].port
    }
  }

  /// An XOR-ed address attribute, RFC 8489 §14.2.
  private static func address(
    _ bytes: Span<UInt8>, _ range: Range<Int>
  ) -> (address: IPAddress, port: UInt16)? {
    let start = range.lowerBound
    guard range.count >= 8 else { return nil }
    let port = UInt16(truncatingIfNeeded: bytes.integer16(start &+ 2) ^ 0x2112)
    if bytes[start &+ 1] == 1 {
      return (IPAddress(v4: bytes.integer32(start &+ 4) ^ STUNMessage.magicCookie), port)
    }
    guard bytes[start &+ 1] == 2, range.count >= 20 else { return nil }
    return (
      IPAddress(
        high: bytes.integer64(start &+ 4) ^ bytes.integer64(4),
        low: bytes.integer64(start &+ 12) ^ bytes.integer64(12)), port
    )
  }
}
