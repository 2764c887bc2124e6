// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Dahua's DVRIP and DHIP over TCP (port 37777 and others; camera-protocols.md B2).
struct DahuaRecognizer: Recognizer {
  static let readsDatagrams = false
  static let readsStreams = true

  static let port: UInt16 = 37_777
  static let headerByteCount = 32

  private var collectors: InlineArray<2, FrameCollector> = .init(repeating: FrameCollector())
  private var streams: InlineArray<2, UInt32?> = .init(repeating: nil)

  init() {}

  var heldByteCount: Int { collectors[0].keptByteCount &+ collectors[1].keptByteCount }

  /// The length after a header of 32 bytes, or `nil` when it is none.
  private static func length(_ header: Span<UInt8>) -> Int? {
    if header.has("DHIP", at: 4), header.littleInteger32(0) == 0x20 {
      return Int(header.littleInteger32(16))
    }
    switch header.byte(0) {
    // Login, replies, JSON, media request, media, keep-alive, session and configuration commands.
    case 0xA0, 0xB0, 0xB1, 0xF6, 0x11, 0xBC, 0xA1, 0xA3, 0xA4, 0xA8, 0xB3, 0xB4, 0xB8, 0xF1, 0x0A,
      0x12, 0x68:
      return Int(header.littleInteger32(4))
    default: return nil
    }
  }

  static let firstBytes = FirstBytes(of: [], and: 0x20, 0xA0, 0xB0, 0xF6, 0xF1, 0xBC)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= headerByteCount else { return .notMine }
    if bytes.has("DHIP", at: 4), bytes.littleInteger32(0) == 0x20 { return .certain }
    // Login: ends A1 AA; JSON and second connections only on the usual port.
    if bytes[0] == 0xA0, bytes[30] == 0xA1, bytes[31] == 0xAA { return .certain }
    guard hint.uses(port), let length = length(bytes), length < 1 << 20 else { return .notMine }
    return [0xA0, 0xB0, 0xF6, 0xF1, 0xBC].contains(bytes[0]) ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.dahua, chunk)
    let side = Int(chunk.direction.rawValue)
    var part = chunk
    part.region = nil
    var collector = FrameCollector()
    swap(&collector, &collectors[side])
    var stream = streams[side]
    let followsGap = collector.hasGap
    collector.feed(
      bytes, headerByteCount: Self.headerByteCount, length: Self.length,
      frame: { frame in
        guard frame.byte(0) == 0xBC, frame.count > Self.headerByteCount else { return }
        if stream == nil {
          stream = context.addStream(
            .vendor, direction: chunk.direction, vendorProtocol: "dahua")
          context.addMark(
            "dahua_protocol", vendor: "dahua", text: "DVRIP media", confidence: .definite, chunk)
        }
        guard let stream else { return }
        context.emit(
          stream, .dhav, frame.extracting(Self.headerByteCount..<frame.count), part,
          followsGap: followsGap)
      })
    streams[side] = stream
    swap(&collector, &collectors[side])
    return collectors[side].isLost ? .directionDone : .more
  }

  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    collectors[Int(direction.rawValue)].skip(count)
  }
}
