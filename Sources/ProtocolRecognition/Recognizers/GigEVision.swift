// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// GigE Vision, the protocol of industrial cameras (AIA GigE Vision 2.0): control (GVCP, UDP 3956)
/// and uncompressed pictures (GVSP, any UDP port).
///
/// ```
/// command   42 | flags 8 | command 16 | length 16 | request 16 | payload
/// answer    status 16 | answer 16 | length 16 | request 16 | payload
/// picture   status 16 | block 16 | E 1 | 0 3 | format 4 | packet 24 | payload
/// extended  status 16 | flags 16 | E 1 | 0 3 | format 4 | 0 24 | block 64 | packet 32 | payload
/// ```
struct GigEVisionRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  static let controlPort: UInt16 = 3_956
  private static let key: UInt8 = 0x42
  static let controlHeaderByteCount = 8
  /// A discovery answer is a fixed structure.
  static let discoveryByteCount = 248
  private static let discoveryAnswer = 3

  private var streams: InlineArray<2, UInt32?> = .init(repeating: nil)

  init() {}

  static let firstBytes = FirstBytes(of: [], and: 0x00, key)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    if hint.uses(controlPort) {
      return isCommand(bytes, hint.originalLength) || isAnswer(bytes, hint.originalLength)
        ? .certain : .notMine
    }
    guard let packet = GigEVisionPacket(bytes) else { return .notMine }
    switch packet.format {
    case .leader: return packet.isImageLeader(bytes) ? .certain : .notMine
    // Full packets in the middle of a picture; those that follow tell.
    case .payload:
      return hint.originalLength >= GigEVisionPacket.minimumPayload ? .unsure : .notMine
    case .trailer: return .notMine
    }
  }

  /// Commands: discovery, address, resend, registers, memory, events, actions.
  private static func isCommand(_ bytes: Span<UInt8>, _ length: Int) -> Bool {
    guard bytes.count >= controlHeaderByteCount, bytes[0] == key,
      bytes.integer16(4) &+ controlHeaderByteCount == length
    else { return false }
    return switch bytes.integer16(2) {
    case 0x02, 0x04, 0x40, 0x80, 0x82, 0x84, 0x86, 0xC0, 0xC2, 0x100: true
    default: false
    }
  }

  private static func isAnswer(_ bytes: Span<UInt8>, _ length: Int) -> Bool {
    guard bytes.count >= controlHeaderByteCount,
      bytes.integer16(4) &+ controlHeaderByteCount == length,
      bytes[0] == 0 && bytes[1] == 0 || bytes[0] == 0x80
    else { return false }
    return switch bytes.integer16(2) {
    case 0x03, 0x05, 0x81, 0x83, 0x85, 0x87, 0x89, 0xC1, 0xC3, 0x101: true
    default: false
    }
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    if context.hint(chunk).uses(Self.controlPort) {
      guard
        Self.isCommand(bytes, chunk.originalLength) || Self.isAnswer(bytes, chunk.originalLength)
      else { return .foreignDatagram }
      context.setService(.gigEVision, chunk)
      if bytes[0] != Self.key, bytes.integer16(2) == Self.discoveryAnswer {
        identify(bytes, chunk, &context)
      }
      return .more
    }
    let side = Int(chunk.direction.rawValue)
    guard let packet = GigEVisionPacket(bytes) else {
      // A datagram of the receiver opens the way through a firewall and holds nothing.
      return streams[side] == nil && streams[1 - side] == nil ? .notMine : .foreignDatagram
    }
    if streams[side] == nil {
      // Until a picture begins nothing is sure.
      guard packet.format == .leader else { return .more }
      guard packet.isImageLeader(bytes) else { return .notMine }
      context.setService(.gigEVision, chunk)
      streams[side] = context.addStream(
        .vendor, direction: chunk.direction, vendorProtocol: "gvsp")
    }
    if let stream = streams[side] {
      context.emit(
        stream, .gigEVision, bytes, chunk, isLastOfAccessUnit: packet.format == .trailer,
        timestamp: UInt32(truncatingIfNeeded: max(0, chunk.originalLength)))
    }
    return .more
  }

  /// Manufacturer, model, version, serial number and hardware address stand at fixed places.
  private func identify(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    let start = Self.controlHeaderByteCount
    guard bytes.count >= start &+ Self.discoveryByteCount else { return }
    func text(_ offset: Int, _ length: Int) -> String {
      let range = start &+ offset..<start &+ offset &+ length
      let end = bytes.firstIndex(of: 0, in: range) ?? range.upperBound
      return bytes.text(range.lowerBound..<end)
    }
    let model = text(104, 32)
    context.addMark(
      "gvcp", vendor: text(72, 32).lowercased(), model: model, serial: text(216, 16),
      firmware: text(136, 32),
      macAddress: MACAddress(
        bits: UInt64(bytes.integer16(start &+ 10)) << 32 | UInt64(bytes.integer32(start &+ 12))),
      role: "camera", text: model, confidence: .definite, chunk)
  }
}

/// The head of one GVSP packet.
package struct GigEVisionPacket {
  /// What a packet holds.
  package enum Format: UInt8 {
    case leader = 1
    case trailer = 2
    case payload = 3
  }

  /// Payload from which a packet of a picture is told without its beginning: the least packet size
  /// that the specification has is 576 bytes, of which 36 are headers.
  static let minimumPayload = 540
  private static let headerByteCount = 8
  private static let extendedHeaderByteCount = 20
  /// Payload type of a picture, and the same with chunk data.
  private static let imageTypes = [0x0001, 0x4001]
  private static let leaderByteCount = 36
  private static let maximumSide: UInt32 = 65_536

  package let format: Format
  package let block: UInt64
  package let number: UInt32
  /// Bytes before the payload.
  package let headerLength: Int

  /// Reads the head of a datagram; `nil` for what is none, or an error without a picture.
  package init?(_ bytes: Span<UInt8>) {
    // Status 0, and 0100 for what was sent again.
    guard bytes.count >= Self.headerByteCount, bytes[0] <= 1, bytes[1] == 0,
      bytes[4] & 0x70 == 0, let format = Format(rawValue: bytes[4] & 0x0F)
    else { return nil }
    self.format = format
    if bytes[4] & 0x80 != 0 {
      guard bytes.count >= Self.extendedHeaderByteCount, bytes.integer24(5) == 0 else { return nil }
      headerLength = Self.extendedHeaderByteCount
      block = bytes.integer64(8)
      number = bytes.integer32(16)
    } else {
      headerLength = Self.headerByteCount
      block = UInt64(bytes.integer16(2))
      number = UInt32(bytes.integer24(5))
    }
    // Blocks count from 1, packets from 0 for the leader.
    guard block > 0, (number == 0) == (format == .leader) else { return nil }
  }

  /// What a leader says of its picture.
  package struct Image: Equatable {
    package var width: Int
    package var height: Int
    /// Bytes of the picture with the padding of its lines.
    package var byteCount: Int

    /// Describes a picture.
    package init(width: Int, height: Int, byteCount: Int) {
      self.width = width
      self.height = height
      self.byteCount = byteCount
    }
  }

  /// Whether the packet is the leader of a picture, with a size and a pixel format that can be.
  func isImageLeader(_ bytes: Span<UInt8>) -> Bool { image(bytes) != nil }

  /// The picture that a leader announces.
  package func image(_ bytes: Span<UInt8>) -> Image? {
    guard format == .leader, bytes.count >= headerLength &+ Self.leaderByteCount,
      Self.imageTypes.contains(bytes.integer16(headerLength &+ 2))
    else { return nil }
    let pixelFormat = bytes.integer32(headerLength &+ 12)
    let width = bytes.integer32(headerLength &+ 16)
    let height = bytes.integer32(headerLength &+ 20)
    // Colour or not, and bits a pixel, stand in the number itself (GenICam pixel format naming).
    let bits = pixelFormat >> 16 & 0xFF
    guard 1...2 ~= pixelFormat >> 24, [4, 8, 10, 12, 14, 16, 24, 30, 32, 36, 48].contains(bits),
      1...Self.maximumSide ~= width, 1...Self.maximumSide ~= height,
      bytes.integer32(headerLength &+ 24) < Self.maximumSide,
      bytes.integer32(headerLength &+ 28) < Self.maximumSide
    else { return nil }
    let lineBits = Int(width) &* Int(bits)
    let padding = bytes.integer16(headerLength &+ 32)
    return Image(
      width: Int(width), height: Int(height),
      byteCount: padding > 0
        ? ((lineBits &+ 7) / 8 &+ padding) &* Int(height) : (lineBits &* Int(height) &+ 7) / 8)
  }
}
