// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Limits of the search for a flow's protocol.
enum RecognitionLimits {
  /// Payload inside payload (DESIGN.md §3).
  static let maximumDepth: UInt8 = 6
  /// Datagrams of a direction that all recognizers are asked about; protocols show themselves in
  /// their first packets, and a capture that begins inside one sees its common packets at once.
  static let probedDatagrams: UInt32 = 8
  /// Datagrams of a direction without an owner and without an RTP stream before it is given up;
  /// at 25 frames a second of one packet each this is ten seconds of "something else first".
  static let unclaimedDatagrams: UInt32 = 256
  /// The same on flows that STUN or DTLS opened: media starts after the user answers.
  static let unclaimedMediaDatagrams: UInt32 = 65_536
  /// Datagrams in a row that make a recognizer's "unsure" sure.
  static let suspectDatagrams: UInt8 = 4
  /// Bytes of a direction that are collected to be searched for a framing.
  static let searchWindow = 8_192
  /// Bytes of a direction searched in all.
  ///
  /// RTP frames and RTMP chunks of a running stream are found
  /// inside one window; a second one allows for a hole in the first.
  static let searchedBytes = 16_384
  /// Chunks of a direction searched in all, for flows of many tiny segments.
  static let searchedChunks: UInt32 = 32
}

/// Finds the protocol of one flow, or of a payload inside another, and follows it.
struct PayloadHost {
  /// What is known of one direction.
  struct Side {
    var rtp = RTPDemultiplexer()
    /// Bytes that no recognizer has taken yet.
    var prefix: [UInt8] = []
    var searchedBytes = 0
    var chunks: UInt32 = 0
    var unclaimed: UInt32 = 0
    /// Recognizers that refused this direction's bytes, by index in the table.
    var refused: UInt64 = 0
    var isDone = false

    mutating func reset() {
      if !rtp.members.isEmpty { rtp.members = [] }
      rtp.current = RecognitionContext.none
      rtp.hasStream = false
      rtp.crowded = 0
      searchedBytes = 0
      chunks = 0
      unclaimed = 0
      refused = 0
      isDone = false
    }
  }

  /// The recognizer that follows the flow, or the one that followed the flow before: the next flow
  /// is most often of the same protocol, and takes it over.
  private var owner: (any Recognizer)?
  /// Place of `owner` in the table, -1 for none.
  private var ownerIndex = -1
  /// Whether the flow has an owner.
  private var isOwned = false
  var sides: InlineArray<2, Side> = .init(repeating: Side())
  /// Recognizers that owned the flow and took it back.
  private var excluded: UInt64 = 0
  private var suspect = -1
  private var suspectCount: UInt8 = 0
  /// Whether the first bytes may come from the middle of a stream, because no SYN was captured or
  /// bytes are missing; only then framings are searched for, which costs a look at every byte.
  var mayJoinMidStream = true
  /// Whether STUN or DTLS ran here, so that media may follow late.
  var expectsMedia = false
  /// Bytes that the owner holds, as counted to `RecognitionContext.waitingBytes`.
  private var held = 0
  /// The kind of the RTP streams found here.
  var kind: MediaStreamKind = .rtp

  init() {}

  /// Whether nothing more is wanted of either direction.
  var isDone: Bool { sides[0].isDone && sides[1].isDone }

  // MARK: Datagrams

  /// The RTP state that a direction's last packet belonged to, when datagrams may be RTP.
  @inline(__always)
  func currentStream(_ direction: FlowDirection) -> UInt32 {
    let side = Int(direction.rawValue)
    return sides[side].rtp.hasStream ? sides[side].rtp.current : RecognitionContext.none
  }

  /// Takes a datagram.
  mutating func datagram(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    let side = Int(chunk.direction.rawValue)
    guard bytes.count > 0 else { return }
    let mayBeRTP = bytes[0] & 0xC0 == 0x80 && bytes.count >= 8
    if mayBeRTP, sides[side].rtp.hasStream {
      // RFC 5761 §4: RTCP types 192...223.
      if !RTCPPacket.packetTypes.contains(bytes[1]) {
        if context.receiveRTP(bytes, chunk, &sides[side].rtp, kind: kind) { return }
      } else if RTCPPacket.isCompound(bytes, originalLength: chunk.originalLength) {
        context.receiveRTCP(bytes, chunk)
        return
      }
    }
    if isOwned {
      switch owner?.follow(bytes, chunk, &context) {
      case .more, nil: return
      case .directionDone:
        finish(side, &context)
        return
      case .done:
        finish(0, &context)
        finish(1, &context)
        return
      case .notMine: disown()
      case .foreignDatagram: break
      }
    }
    if !isOwned, sides[side].chunks < RecognitionLimits.probedDatagrams {
      sides[side].chunks &+= 1
      if probeDatagram(bytes, chunk, &context) { return }
    }
    if mayBeRTP {
      if RTCPPacket.isCompound(bytes, originalLength: chunk.originalLength) {
        context.receiveRTCP(bytes, chunk)
        if !isOwned { context.noteRTCP(chunk) }
        return
      }
      if context.receiveRTP(bytes, chunk, &sides[side].rtp, kind: kind),
        sides[side].rtp.hasStream
      {
        return
      }
    }
    sides[side].unclaimed &+= 1
    let limit =
      expectsMedia
      ? RecognitionLimits.unclaimedMediaDatagrams : RecognitionLimits.unclaimedDatagrams
    if sides[side].unclaimed >= limit, !sides[side].rtp.hasStream, !isOwned || !expectsMedia {
      finish(side, &context)
    }
  }

  private mutating func probeDatagram(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> Bool {
    let side = Int(chunk.direction.rawValue)
    let hint = context.hint(chunk)
    var candidates =
      context.recognizers.datagramMask & context.recognizers.beginning(with: bytes[0]) & ~excluded
    while candidates != 0 {
      let index = candidates.trailingZeroBitCount
      let bit = Recognizers.bit(index)
      candidates &= ~bit
      switch context.recognizers.all[index].probe(bytes, hint) {
      case .notMine: continue
      case .unsure:
        if suspect == index {
          suspectCount &+= 1
        } else if suspect < 0 {
          suspect = index
          suspectCount = 1
        }
        guard suspect == index, suspectCount >= RecognitionLimits.suspectDatagrams else {
          continue
        }
      case .certain: break
      }
      own(index)
      if owner?.mediaMayFollow == true { expectsMedia = true }
      switch owner?.follow(bytes, chunk, &context) {
      case .notMine:
        excluded |= bit
        disown()
        continue
      case .foreignDatagram: return false
      case .directionDone: finish(side, &context)
      case .done:
        finish(0, &context)
        finish(1, &context)
      case .more, nil: break
      }
      return true
    }
    return false
  }

  // MARK: Streams

  /// Takes bytes in stream order.
  mutating func bytes(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    let side = Int(chunk.direction.rawValue)
    guard bytes.count > 0, !sides[side].isDone else { return }
    if isOwned {
      follow(bytes, chunk, &context)
      return
    }
    sides[side].chunks &+= 1
    sides[side].searchedBytes &+= bytes.count
    if sides[side].prefix.isEmpty {
      if search(bytes, chunk, &context) { return }
      keep(bytes, side, &context)
    } else {
      keep(bytes, side, &context)
      var prefix: [UInt8] = []
      swap(&prefix, &sides[side].prefix)
      var whole = chunk
      whole.region = nil
      whole.originalLength = prefix.count
      context.waitingBytes -= prefix.count
      if search(prefix.span, whole, &context) { return }
      if prefix.count < RecognitionLimits.searchWindow {
        swap(&prefix, &sides[side].prefix)
        context.waitingBytes += sides[side].prefix.count
      }
    }
    if sides[side].searchedBytes >= RecognitionLimits.searchedBytes
      || sides[side].chunks >= RecognitionLimits.searchedChunks || !isSearchable(side)
    {
      finish(side, &context)
    }
  }

  /// Whether some recognizer has not refused the direction, or can join in the middle.
  private func isSearchable(_ side: Int) -> Bool {
    Recognizers.index.streamMask & ~(sides[side].refused | excluded) != 0
      || (mayJoinMidStream && !Recognizers.index.resuming.isEmpty)
  }

  private mutating func keep(
    _ bytes: Span<UInt8>, _ side: Int, _ context: inout RecognitionContext
  ) {
    let count = min(bytes.count, RecognitionLimits.searchWindow - sides[side].prefix.count)
    guard count > 0, context.mayHold(count) else { return }
    sides[side].prefix.append(contentsOf: bytes, in: 0..<count)
    context.waitingBytes += count
  }

  /// Asks the recognizers about the bytes collected of a direction; `true` when one took them.
  private mutating func search(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> Bool {
    let side = Int(chunk.direction.rawValue)
    if sides[side].searchedBytes == bytes.count {
      let hint = context.hint(chunk)
      let streamMask = context.recognizers.streamMask
      sides[side].refused |= streamMask & ~context.recognizers.beginning(with: bytes[0])
      var candidates = streamMask & ~(sides[side].refused | excluded)
      while candidates != 0 {
        let index = candidates.trailingZeroBitCount
        let bit = Recognizers.bit(index)
        candidates &= ~bit
        switch context.recognizers.all[index].probe(bytes, hint) {
        case .notMine: sides[side].refused |= bit
        case .unsure: continue
        case .certain:
          if take(index, bytes, 0, chunk, &context) { return true }
        }
      }
    }
    // Not the beginning of anything known, or not yet: the capture may have begun inside. Searched
    // in the first chunk and in full windows, so that every byte is looked at about once.
    guard mayJoinMidStream,
      sides[side].chunks == 1 || bytes.count >= RecognitionLimits.searchWindow
    else { return false }
    for index in context.recognizers.resuming where excluded & (Recognizers.bit(index)) == 0 {
      if let offset = context.recognizers.all[index].resume(bytes), offset < bytes.count {
        if take(index, bytes, offset, chunk, &context) { return true }
      }
    }
    return false
  }

  /// Gives the flow to a recognizer; `false` when it hands it back at once.
  private mutating func take(
    _ index: Int, _ bytes: Span<UInt8>, _ offset: Int, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) -> Bool {
    own(index)
    let other = 1 - Int(chunk.direction.rawValue)
    if !sides[other].prefix.isEmpty {
      var earlier: [UInt8] = []
      swap(&earlier, &sides[other].prefix)
      context.waitingBytes -= earlier.count
      var before = chunk
      before.direction = chunk.direction.reversed
      before.region = nil
      before.originalLength = earlier.count
      follow(earlier.span, before, &context)
    }
    guard isOwned else { return isDone }
    if offset == 0 {
      follow(bytes, chunk, &context)
    } else {
      let rest = bytes.extracting(offset..<bytes.count)
      follow(rest, chunk.part(offset, rest.count), &context)
    }
    if !isOwned, !isDone {
      excluded |= Recognizers.bit(index)
      return false
    }
    // The other direction had been given up before its protocol was known.
    return true
  }

  private mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    let side = Int(chunk.direction.rawValue)
    switch owner?.follow(bytes, chunk, &context) {
    case .more, .foreignDatagram, nil: break
    case .directionDone: finish(side, &context)
    case .done:
      finish(0, &context)
      finish(1, &context)
    case .notMine: disown()
    }
  }

  /// Bytes of a stream are missing.
  mutating func gap(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    let side = Int(direction.rawValue)
    guard !sides[side].isDone else { return }
    if isOwned {
      owner?.skip(count, direction, &context)
    } else if !sides[side].prefix.isEmpty {
      context.waitingBytes -= sides[side].prefix.count
      sides[side].prefix = []
    }
    mayJoinMidStream = true
  }

  // MARK: End

  /// Counts what the owner holds to the bound of all flows, beyond which the flow is given up.
  mutating func countHeld(_ context: inout RecognitionContext) {
    let holds = isOwned ? owner?.heldByteCount ?? 0 : 0
    guard holds != held else { return }
    context.waitingBytes &+= holds &- held
    let grows = holds > held
    held = holds
    guard grows, !context.mayHold(0) else { return }
    context.meet(.slots)
    end(&context)
    countHeld(&context)
  }

  /// The flow ended: releases everything that is bounded by the shard.
  mutating func end(_ context: inout RecognitionContext) {
    if isOwned {
      owner?.endAndRestart(&context)
      isOwned = false
    }
    finish(0, &context)
    finish(1, &context)
  }

  private mutating func own(_ index: Int) {
    if ownerIndex != index {
      owner = Recognizers.all[index].init()
      ownerIndex = index
    }
    isOwned = true
  }

  private mutating func disown() {
    owner?.restart()
    isOwned = false
  }

  private mutating func finish(_ side: Int, _ context: inout RecognitionContext) {
    if !sides[side].prefix.isEmpty {
      context.waitingBytes -= sides[side].prefix.count
      sides[side].prefix = []
    }
    if !sides[side].rtp.members.isEmpty {
      if sides[side].rtp.mayMissStreams(unclaimed: sides[side].unclaimed) {
        context.meet(.sources)
        sides[side].rtp.crowded = 0
      }
      context.releaseCandidates(&sides[side].rtp)
    }
    sides[side].isDone = true
  }

  /// Makes the host ready for another flow, after `end`: what was allotted is not made again.
  mutating func reset() {
    for side in 0..<2 { sides[side].reset() }
    excluded = 0
    suspect = -1
    suspectCount = 0
    mayJoinMidStream = true
    expectsMedia = false
    kind = .rtp
  }
}

extension RecognitionContext {
  /// What a recognizer is told besides the bytes.
  mutating func hint(_ chunk: Chunk) -> ProbeHint {
    ProbeHint(
      isDatagram: chunk.isDatagram, direction: chunk.direction,
      sourcePort: source(chunk.direction).port,
      destinationPort: source(chunk.direction.reversed).port, originalLength: chunk.originalLength,
      depth: Int(chunk.depth))
  }

  /// Names a flow that carries RTCP only.
  mutating func noteRTCP(_ chunk: Chunk) {
    guard chunk.depth == 0 else { return }
    let index = resultIndex()
    if results[index].service == nil { setService(.rtcp, chunk) }
  }
}
