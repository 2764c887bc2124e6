// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// RTP over TCP with a 16-bit length before each packet,
/// [RFC 4571](https://www.rfc-editor.org/rfc/rfc4571); used by SIP over TCP and GB/T 28181.
struct FramedRTPRecognizer: MidStreamRecognizer {
  static let readsDatagrams = false
  static let readsStreams = true

  /// Longest frame believed when joining in the middle: a jumbo packet.
  static let maximumResumedFrame = 9_000
  /// Frames that must follow each other with one SSRC and growing sequence numbers.
  static let framesToBelieve = 3

  private var demultiplexers: InlineArray<2, RTPDemultiplexer> = .init(
    repeating: RTPDemultiplexer())
  private var waiting: InlineArray<2, [UInt8]> = .init(repeating: [])
  private var isLost: InlineArray<2, Bool> = .init(repeating: false)

  init() {}

  var heldByteCount: Int { waiting[0].count &+ waiting[1].count }

  /// Number of RTP frames of one SSRC that follow each other from `start` on.
  static func chain(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var offset = start
    var frames = 0
    var source: UInt32?
    var next: UInt16?
    while offset &+ 14 <= bytes.count, frames < framesToBelieve {
      let length = bytes.integer16(offset)
      guard length >= 12, bytes[offset &+ 2] & 0xC0 == 0x80 else { return 0 }
      if RTCPPacket.packetTypes.contains(bytes[offset &+ 3]) {
        offset &+= 2 &+ length
        continue
      }
      guard !RTPHeader.conflictingPayloadTypes.contains(bytes[offset &+ 3] & 0x7F) else { return 0 }
      let number = UInt16(truncatingIfNeeded: bytes.integer16(offset &+ 4))
      let synchronizationSource = bytes.integer32(offset &+ 10)
      if let source, let next {
        guard source == synchronizationSource, number == next else { return 0 }
      }
      source = synchronizationSource
      next = number &+ 1
      frames &+= 1
      offset &+= 2 &+ length
    }
    return frames
  }

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= 14 else { return .unsure }
    guard bytes.integer16(0) >= 12, bytes[2] & 0xC0 == 0x80,
      !(64...71).contains(bytes[3] & 0x7F)
    else { return .notMine }
    if chain(bytes, from: 0) >= framesToBelieve { return .certain }
    return .unsure
  }

  static func resume(_ bytes: Span<UInt8>) -> Int? {
    var offset = 0
    while offset &+ 14 <= bytes.count {
      if bytes[offset] <= maximumResumedFrame >> 8, bytes[offset &+ 2] & 0xC0 == 0x80,
        chain(bytes, from: offset) >= framesToBelieve
      {
        return offset
      }
      offset &+= 1
    }
    return nil
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    let side = Int(chunk.direction.rawValue)
    context.setService(.rtp, chunk)
    var buffer: [UInt8] = []
    swap(&buffer, &waiting[side])
    buffer.append(contentsOf: bytes)
    var part = chunk
    part.region = nil
    var offset = 0
    if isLost[side] {
      guard let found = Self.resume(buffer.span) else {
        waiting[side] = Array(buffer.suffix(4_096))
        return .more
      }
      isLost[side] = false
      offset = found
    }
    while offset &+ 2 <= buffer.count {
      let span = buffer.span
      let length = span.integer16(offset)
      guard offset &+ 2 &+ length <= span.count else { break }
      part.originalLength = length
      let frame = span.extracting(offset &+ 2..<offset &+ 2 &+ length)
      if length >= 8, RTCPPacket.isCompound(frame, originalLength: length) {
        context.receiveRTCP(frame, part)
      } else if length >= 12,
        !context.receiveRTP(frame, part, &demultiplexers[side], kind: .rtp)
      {
        isLost[side] = true
        break
      }
      offset &+= 2 &+ length
    }
    if offset < buffer.count {
      buffer.removeFirst(offset)
      swap(&buffer, &waiting[side])
    }
    return .more
  }

  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    let side = Int(direction.rawValue)
    waiting[side] = []
    isLost[side] = true
  }

  mutating func end(_ context: inout RecognitionContext) {
    context.releaseCandidates(&demultiplexers[0])
    context.releaseCandidates(&demultiplexers[1])
  }
}
