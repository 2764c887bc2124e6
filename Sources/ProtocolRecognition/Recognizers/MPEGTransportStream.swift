// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// MPEG transport stream packets in UDP datagrams or a TCP stream, ISO/IEC 13818-1 §2.4.3.2.
struct MPEGTransportStreamRecognizer: MidStreamRecognizer {
  static let readsDatagrams = true
  static let readsStreams = true

  /// Length of a transport stream packet in bytes.
  static let packetByteCount = 188
  /// The sync byte.
  static let syncByte: UInt8 = 0x47
  /// Packets in a row for certainty (classifier.md §3.2 rule 7: five consecutive strides).
  static let certainPackets = 5
  /// The greatest number of packets of one read.
  static let maximumWaiting = 188

  private var streams: (UInt32?, UInt32?)
  private var rest: ([UInt8], [UInt8]) = ([], [])
  private var hasGap = (false, false)

  init() {}

  /// Number of whole packets from `start` on that begin with a plausible header.
  static func strides(_ bytes: Span<UInt8>, from start: Int = 0) -> Int {
    var offset = start
    var number = 0
    while offset &+ 4 <= bytes.count, isHeader(bytes, offset) {
      number &+= 1
      offset &+= packetByteCount
    }
    return number
  }

  /// Sync byte, no transport error, and an adaptation field control that is not reserved.
  private static func isHeader(_ bytes: Span<UInt8>, _ offset: Int) -> Bool {
    bytes[offset] == syncByte && bytes[offset &+ 1] & 0x80 == 0
      && bytes[offset &+ 3] & 0x30 != 0
  }

  static let firstBytes = FirstBytes(syncByte...syncByte)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= 4, bytes[0] == syncByte else { return .notMine }
    if hint.isDatagram {
      guard hint.originalLength % packetByteCount == 0, hint.originalLength > 0 else {
        return .notMine
      }
      let expected = (bytes.count &+ packetByteCount &- 4) / packetByteCount
      let found = strides(bytes)
      guard found >= expected else { return .notMine }
      return found >= certainPackets ? .certain : .unsure
    }
    let found = strides(bytes)
    if found >= certainPackets { return .certain }
    let whole = (bytes.count &+ packetByteCount &- 4) / packetByteCount
    return found >= whole ? .unsure : .notMine
  }

  static func resume(_ bytes: Span<UInt8>) -> Int? {
    guard bytes.count >= certainPackets * packetByteCount else { return nil }
    for start in 0..<packetByteCount
    where bytes[start] == syncByte && strides(bytes, from: start) >= certainPackets {
      return start
    }
    return nil
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    if chunk.isDatagram {
      guard bytes.count > 0, bytes[0] == Self.syncByte else { return .foreignDatagram }
      let whole = bytes.count / Self.packetByteCount * Self.packetByteCount
      emit(bytes.extracting(0..<whole), chunk, &context)
      return .more
    }
    let isFirst = chunk.direction == .fromOriginator
    var waiting: [UInt8] = []
    if isFirst { swap(&waiting, &rest.0) } else { swap(&waiting, &rest.1) }
    if waiting.isEmpty {
      waiting = take(bytes, chunk, &context)
    } else {
      waiting.append(contentsOf: bytes)
      var copy = chunk
      copy.region = nil
      waiting = take(waiting.span, copy, &context)
    }
    if isFirst { swap(&waiting, &rest.0) } else { swap(&waiting, &rest.1) }
    return .more
  }

  /// Hands over the whole packets of a run of stream bytes and returns what is left over.
  private mutating func take(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> [UInt8] {
    var offset = 0
    while offset < bytes.count {
      guard bytes[offset] == Self.syncByte else {
        // Lost the stride: search the next two sync bytes in step.
        offset &+= 1
        while offset < bytes.count,
          bytes[offset] != Self.syncByte
            || (offset &+ Self.packetByteCount < bytes.count
              && bytes[offset &+ Self.packetByteCount] != Self.syncByte)
        { offset &+= 1 }
        continue
      }
      var end = offset
      while end &+ Self.packetByteCount <= bytes.count, bytes[end] == Self.syncByte {
        end &+= Self.packetByteCount
      }
      if end > offset {
        emit(
          bytes.extracting(offset..<end), chunk.part(offset, end &- offset), &context)
      }
      if end == offset || (end < bytes.count && end &+ Self.packetByteCount > bytes.count) {
        return bytes.array(end..<bytes.count)
      }
      offset = end
    }
    return []
  }

  private mutating func emit(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    guard bytes.count > 0 else { return }
    let isFirst = chunk.direction == .fromOriginator
    if (isFirst ? streams.0 : streams.1) == nil {
      context.setService(.mpegts, chunk)
      let stream = context.addStream(
        chunk.depth > 0 ? .http : .mpegts, direction: chunk.direction)
      if isFirst { streams.0 = stream } else { streams.1 = stream }
    }
    guard let stream = isFirst ? streams.0 : streams.1 else { return }
    let followsGap = isFirst ? hasGap.0 : hasGap.1
    if isFirst { hasGap.0 = false } else { hasGap.1 = false }
    context.emit(stream, .transportStream, bytes, chunk, followsGap: followsGap)
  }

  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    if direction == .fromOriginator {
      rest.0 = []
      hasGap.0 = true
    } else {
      rest.1 = []
      hasGap.1 = true
    }
  }
}
