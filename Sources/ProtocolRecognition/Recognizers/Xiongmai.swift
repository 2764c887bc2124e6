// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Xiongmai's DVRIP ("Sofia", XMEye) over TCP 34567 (camera-protocols.md B3).
struct XiongmaiRecognizer: Recognizer {
  static let readsDatagrams = false
  static let readsStreams = true

  static let headerByteCount = 20
  /// Commands whose body is media: live, and played back from the recorder.
  static let mediaCommand = 1_412
  static let playbackCommand = 1_426

  private var collectors: InlineArray<2, FrameCollector> = .init(repeating: FrameCollector())
  private var streams: InlineArray<2, UInt32?> = .init(repeating: nil)

  init() {}

  var heldByteCount: Int { collectors[0].keptByteCount &+ collectors[1].keptByteCount }

  private static func length(_ header: Span<UInt8>) -> Int? {
    guard header.byte(0) == 0xFF, header.byte(1) <= 1 else { return nil }
    return Int(header.littleInteger32(16))
  }

  static let firstBytes = FirstBytes(0xFF...0xFF)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= headerByteCount, bytes[0] == 0xFF, bytes[1] <= 1, bytes[2] == 0,
      bytes[3] == 0, (1_000...3_100).contains(bytes.littleInteger16(14)),
      bytes.littleInteger32(16) < 1 << 20
    else { return .notMine }
    return .certain
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.xiongmai, chunk)
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
        let command = frame.littleInteger16(14)
        guard command == Self.mediaCommand || command == Self.playbackCommand else { return }
        if stream == nil {
          stream = context.addStream(
            .vendor, direction: chunk.direction, vendorProtocol: "xiongmai")
          context.addMark(
            "xiongmai_protocol", vendor: "xiongmai", role: "camera", text: "DVRIP media",
            confidence: .definite, chunk)
        }
        guard let stream else { return }
        if command == Self.playbackCommand {
          context.streams[Int(stream)].isStoredFootage = true
          context.noteStoredFootage(chunk)
        }
        // Frame headers: FC (I) and FE (JPEG) 16 bytes, FD (P) 8, FA (audio) and F9 8.
        var start = Self.headerByteCount
        if frame.integer24(start) == 1 {
          switch frame.byte(start &+ 3) {
          case 0xFC, 0xFE: start &+= 16
          case 0xFD: start &+= 8
          case 0xFA, 0xF9:
            context.count(stream, frame.count &- start, part)
            return
          default: break
          }
        }
        guard start < frame.count else { return }
        context.emit(
          stream, .annexB, frame.extracting(start..<frame.count), part, followsGap: followsGap)
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
