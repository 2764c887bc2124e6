// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Reolink's Baichuan protocol over TCP 9000 (camera-protocols.md B7).
struct ReolinkRecognizer: Recognizer {
  static let readsDatagrams = false
  static let readsStreams = true

  static let headerByteCount = 20
  static let magic: UInt32 = 0xF0DE_BC0A
  static let videoMessage: UInt32 = 3
  static let replayMessage: UInt32 = 5

  private var collectors: InlineArray<2, FrameCollector> = .init(repeating: FrameCollector())
  private var streams: InlineArray<2, UInt32?> = .init(repeating: nil)

  init() {}

  var heldByteCount: Int { collectors[0].keptByteCount &+ collectors[1].keptByteCount }

  /// Messages of class 6414 and 0000 have four bytes more of header.
  private static func length(_ header: Span<UInt8>) -> Int? {
    guard header.integer32(0) == magic || header.integer32(0) == 0xA0CD_EB0F else { return nil }
    let kind = header.littleInteger16(18)
    return Int(header.littleInteger32(8)) &+ (kind == 0x6414 || kind == 0 ? 4 : 0)
  }

  static let firstBytes = FirstBytes(of: [], and: 0xF0, 0xA0)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= headerByteCount, let length = length(bytes), length < 1 << 22 else {
      return .notMine
    }
    return .certain
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.reolink, chunk)
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
        let message = frame.littleInteger32(4)
        guard message == Self.videoMessage || message == Self.replayMessage, frame.count > 256
        else { return }
        if stream == nil {
          stream = context.addStream(
            .vendor, direction: chunk.direction, vendorProtocol: "reolink")
          context.addMark(
            "reolink_protocol", vendor: "reolink", role: "camera", text: "Baichuan video",
            confidence: .definite, chunk)
        }
        guard let stream else { return }
        if message == Self.replayMessage {
          context.streams[Int(stream)].isStoredFootage = true
          context.noteStoredFootage(chunk)
        }
        // Frames begin with a head of the maker's; the byte stream behind it with a start code.
        var start = Self.headerByteCount
        let bound = min(frame.count &- 4, start &+ 128)
        while start < bound, frame.integer32(start) != 1 { start &+= 1 }
        if start < bound {
          context.emit(
            stream, .annexB, frame.extracting(start..<frame.count), part, followsGap: followsGap)
        } else {
          context.count(stream, frame.count &- Self.headerByteCount, part)
        }
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
