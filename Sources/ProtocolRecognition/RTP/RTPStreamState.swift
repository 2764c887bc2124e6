// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// One SSRC of one direction of a flow, or of one channel inside it.
struct RTPStreamState {
  var validator: RTPStreamValidator
  var flow: UInt32
  var direction: FlowDirection
  var kind: MediaStreamKind
  /// Index in `RecognitionContext.streams`, or `none` before the stream is believed.
  var stream = RecognitionContext.none
  var bytes: UInt64 = 0
  var rate = PeakRate()
  /// First packet, and those that reached a level.
  var evidence: [PacketReference] = []
  var evidenceLevel: RTPLevel = .unproven
  /// Payloads that came before the stream was believed, with their units.
  var waiting: [UInt8] = []
  var waitingUnits: [PendingUnit] = []
  var hasGap = false

  /// Counts a packet of a believed stream; `nil` when MediaInspection has nothing to see of it.
  @inline(__always)
  mutating func accept(_ header: RTPHeader, _ packet: PacketReference) -> MediaUnit? {
    let placement = validator.add(header, time: packet.time)
    if validator.level > evidenceLevel { noteLevel(packet) }
    guard placement != .duplicate else { return nil }
    rate.add(header.originalPayloadByteCount, at: packet.time)
    guard header.payloadByteCount > 0 else { return nil }
    bytes &+= UInt64(truncatingIfNeeded: header.payloadByteCount)
    return MediaUnit(
      stream: stream, framing: .rtpPayload, isLastOfAccessUnit: header.hasMarker,
      followsGap: placement != .next, subtype: header.payloadType, timestamp: header.timestamp,
      packet: packet)
  }

  /// Keeps the packet that reached a level.
  @inline(never)
  private mutating func noteLevel(_ packet: PacketReference) {
    evidenceLevel = validator.level
    if evidence.count < 3 { evidence.append(packet) } else { evidence[2] = packet }
  }
}

/// An RTCP report as seen on some flow; joined to streams by SSRC and address at the end.
struct RTCPObservation {
  enum Content {
    case sender(RTCPSenderHistory)
    case receiver(RTCPReportBlock, count: UInt64)
    case pictureRequest(UInt32, count: UInt64)
    case bye(UInt32, time: Int64)
  }

  /// The end that sent the report, and the other.
  var speaker: IPAddress
  var listener: IPAddress
  var flow: UInt32
  var content: Content

  /// SSRC that the report is about.
  var subject: UInt32 {
    switch content {
    case .sender(let history): history.last.synchronizationSource
    case .receiver(let block, count: _): block.synchronizationSource
    case .pictureRequest(let source, count: _): source
    case .bye(let source, time: _): source
    }
  }
}

/// Tells the SSRCs of one direction (or one channel) apart.
struct RTPDemultiplexer {
  /// Candidates not believed yet; new ones push out the weakest (classifier.md §3.1: at most 4).
  static let maximumCandidates = 4
  /// Believed streams of one direction; WebRTC bundles audio, three sizes of video and their
  /// retransmissions.
  static let maximumStreams = 16
  /// Packets of one SSRC in sequence before a media stream is allotted (RFC 3550 A.1,
  /// MIN_SEQUENTIAL 2, plus the first).
  static let packetsToBelieve: UInt64 = 3
  /// Payload bytes held of an SSRC that is not believed yet.
  static let maximumWaiting = 6_144

  /// The state met last; almost every packet belongs to it.
  var current = RecognitionContext.none
  var members: [UInt32] = []
  /// Whether at least one stream is believed.
  var hasStream = false
  /// Packets whose SSRC had to push another one out, or found no room.
  var crowded: UInt32 = 0

  /// Crowded packets from which on a stream may hide among them: as many as there may be streams.
  private static let crowd: UInt32 = 16

  /// Whether there were more SSRCs than are told apart, so that streams may be missing.
  ///
  /// Among `unclaimed` datagrams without a stream that is so only where most of them crowd: of
  /// random bytes, a quarter has the form of RTP, each with an SSRC of its own.
  func mayMissStreams(unclaimed: UInt32) -> Bool {
    crowded >= Self.crowd && (hasStream || crowded > unclaimed / 2)
  }
}

extension RecognitionContext {
  /// Takes the datagram of an event as the next packet of a stream that is believed already; `false`
  /// when it is not, and nothing was counted.
  ///
  /// The path of almost every RTP packet: no search, no allocation, one access to the state.
  @inline(never)
  mutating func receiveKnownRTP(
    _ events: [FlowEvent], _ event: Int, _ view: borrowing BatchView, _ current: UInt32
  ) -> Bool {
    let index = Int(current)
    let start = Int(events[event].offset)
    let end = start &+ Int(events[event].length)
    guard index < rtp.count, case .block = events[event].source, end <= view.block.count,
      let header = RTPHeader(
        parsing: view.block.extracting(start..<end),
        originalLength: Int(events[event].originalLength)),
      rtp[index].validator.synchronizationSource == header.synchronizationSource,
      rtp[index].stream != Self.none
    else { return false }
    if let unit = rtp[index].accept(header, view.reference(events[event].packet)) {
      units.append(
        PendingUnit(
          unit: unit, source: .block,
          offset: UInt32(truncatingIfNeeded: start &+ header.payloadOffset),
          length: UInt32(truncatingIfNeeded: header.payloadByteCount)))
    }
    return true
  }

  /// Takes bytes as one RTP packet of a demultiplexer; `false` when they are not shaped as RTP.
  mutating func receiveRTP(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ demultiplexer: inout RTPDemultiplexer,
    kind: MediaStreamKind
  ) -> Bool {
    guard let header = RTPHeader(parsing: bytes, originalLength: chunk.originalLength) else {
      return false
    }
    var index = Int(demultiplexer.current)
    if index >= rtp.count
      || rtp[index].validator.synchronizationSource != header.synchronizationSource
    {
      index = selectRTP(header, chunk, &demultiplexer, kind: kind)
      guard index < rtp.count else { return true }
    }
    if rtp[index].stream == Self.none {
      let placement = rtp[index].validator.add(header, time: chunk.packet.time)
      receiveEarly(bytes, chunk, header, placement, index, &demultiplexer)
      return true
    }
    guard let unit = rtp[index].accept(header, chunk.packet) else { return true }
    if let region = chunk.region {
      units.append(
        PendingUnit(
          unit: unit, source: region.source,
          offset: UInt32(truncatingIfNeeded: region.offset &+ header.payloadOffset),
          length: UInt32(truncatingIfNeeded: header.payloadByteCount)))
    } else {
      append(unit, payload(bytes, header), nil)
    }
    return true
  }

  @_lifetime(copy bytes)
  private func payload(_ bytes: Span<UInt8>, _ header: RTPHeader) -> Span<UInt8> {
    bytes.extracting(header.payloadOffset..<header.payloadOffset &+ header.payloadByteCount)
  }

  /// Finds or makes the state of a packet's SSRC.
  private mutating func selectRTP(
    _ header: RTPHeader, _ chunk: Chunk, _ demultiplexer: inout RTPDemultiplexer,
    kind: MediaStreamKind
  ) -> Int {
    var candidates = 0
    var believed = 0
    var weakest = -1
    for position in demultiplexer.members.indices {
      let index = Int(demultiplexer.members[position])
      if rtp[index].validator.synchronizationSource == header.synchronizationSource {
        demultiplexer.current = UInt32(index)
        return index
      }
      if rtp[index].stream != Self.none {
        believed += 1
        continue
      }
      candidates += 1
      if weakest < 0
        || rtp[index].validator.lastTime
          < rtp[Int(demultiplexer.members[weakest])].validator.lastTime
      {
        weakest = position
      }
    }
    guard believed < RTPDemultiplexer.maximumStreams else {
      demultiplexer.crowded &+= 1
      return Int.max
    }
    if candidates >= RTPDemultiplexer.maximumCandidates, weakest >= 0 {
      demultiplexer.crowded &+= 1
      releaseRTP(demultiplexer.members.remove(at: weakest))
    }
    let state = RTPStreamState(
      validator: RTPStreamValidator(
        synchronizationSource: header.synchronizationSource,
        assumedClockRate: RTPStaticPayloadTypes.clockRate(header.payloadType)),
      flow: flow, direction: chunk.direction, kind: kind, evidence: [chunk.packet])
    let index: Int
    if let free = freeRTP.popLast() {
      index = Int(free)
      rtp[index] = state
    } else {
      index = rtp.count
      rtp.append(state)
    }
    demultiplexer.members.append(UInt32(truncatingIfNeeded: index))
    demultiplexer.current = UInt32(truncatingIfNeeded: index)
    return index
  }

  /// Keeps a packet of an SSRC that is not believed yet; believes it after three in sequence.
  private mutating func receiveEarly(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ header: RTPHeader,
    _ placement: RTPStreamValidator.Placement, _ index: Int,
    _ demultiplexer: inout RTPDemultiplexer
  ) {
    guard placement != .duplicate else { return }
    rtp[index].rate.add(header.originalPayloadByteCount, at: chunk.packet.time)
    if header.payloadByteCount > 0 {
      if rtp[index].waiting.count + header.payloadByteCount <= RTPDemultiplexer.maximumWaiting,
        mayHold(header.payloadByteCount)
      {
        let offset = rtp[index].waiting.count
        rtp[index].waiting.append(contentsOf: payload(bytes, header))
        waitingBytes += header.payloadByteCount
        rtp[index].waitingUnits.append(
          PendingUnit(
            unit: MediaUnit(
              stream: 0, framing: .rtpPayload, isLastOfAccessUnit: header.hasMarker,
              followsGap: placement != .next || rtp[index].hasGap, subtype: header.payloadType,
              timestamp: header.timestamp, packet: chunk.packet),
            source: .copied, offset: UInt32(offset), length: UInt32(header.payloadByteCount)))
        rtp[index].hasGap = false
      } else {
        rtp[index].hasGap = true
      }
    }
    guard rtp[index].validator.isRunning else { return }
    // The flow of the state is the current one: demultiplexers belong to one flow.
    guard let stream = addStream(rtp[index].kind, direction: rtp[index].direction) else { return }
    rtp[index].stream = stream
    rtpOfSource[header.synchronizationSource] = UInt32(truncatingIfNeeded: index)
    demultiplexer.hasStream = true
    let base = copied.count
    copied.append(contentsOf: rtp[index].waiting)
    for var pending in rtp[index].waitingUnits {
      pending.unit.stream = stream
      pending.offset &+= UInt32(truncatingIfNeeded: base)
      units.append(pending)
      rtp[index].bytes &+= UInt64(pending.length)
    }
    waitingBytes -= rtp[index].waiting.count
    rtp[index].waiting = []
    rtp[index].waitingUnits = []
  }

  /// Gives a candidate's place back.
  mutating func releaseRTP(_ index: UInt32) {
    let place = Int(index)
    guard place < rtp.count, rtp[place].stream == Self.none else { return }
    waitingBytes -= rtp[place].waiting.count
    rtp[place].waiting = []
    rtp[place].waitingUnits = []
    freeRTP.append(index)
  }

  /// Gives back what a demultiplexer holds besides its believed streams.
  mutating func releaseCandidates(_ demultiplexer: inout RTPDemultiplexer) {
    for index in demultiplexer.members where rtp[Int(index)].stream == Self.none {
      releaseRTP(index)
    }
    demultiplexer.members.removeAll { rtp[Int($0)].stream == Self.none }
    demultiplexer.current = demultiplexer.members.first ?? Self.none
  }

  /// Takes a compound RTCP packet.
  mutating func receiveRTCP(_ bytes: Span<UInt8>, _ chunk: Chunk) {
    let speaker = source(chunk.direction).address
    let listener = source(chunk.direction.reversed).address
    let flow = self.flow
    if RTCPPacket.asksForRetransmission(bytes) {
      if chunk.depth == 0 { setService(.rist, chunk) }
      addDetail(.note, "RIST: the far end asks for packets again", chunk)
    }
    var found: [RTCPObservation.Content] = []
    RTCPPacket.forEachItem(of: bytes, time: chunk.packet.time) { item in
      switch item {
      case .senderReport(let report):
        let index = Int(rtpOfSource[report.synchronizationSource] ?? .max)
        let captured = index < rtp.count ? rtp[index].validator.uniquePackets : 0
        found.append(.sender(RTCPSenderHistory(report, capturedPackets: captured)))
      case .reportBlock(let block): found.append(.receiver(block, count: 1))
      case .bye(let source): found.append(.bye(source, time: chunk.packet.time))
      case .pictureRequest(let source): found.append(.pictureRequest(source, count: 1))
      case .canonicalName: break
      }
    }
    for content in found {
      merge(
        RTCPObservation(speaker: speaker, listener: listener, flow: flow, content: content))
    }
  }

  private mutating func merge(_ new: RTCPObservation) {
    // Reports of a session repeat; the last few hundred entries hold every active one.
    for index in reports.indices.suffix(256).reversed()
    where reports[index].subject == new.subject && reports[index].speaker == new.speaker
      && reports[index].flow == new.flow
    {
      switch (reports[index].content, new.content) {
      case (.sender(let history), .sender(let next)):
        reports[index].content = .sender(history.followed(by: next))
        return
      case (.bye, .bye):
        reports[index].content = new.content
        return
      case (.receiver(_, let count), .receiver(let block, _)):
        reports[index].content = .receiver(block, count: count &+ 1)
        return
      case (.pictureRequest(let source, let count), .pictureRequest):
        reports[index].content = .pictureRequest(source, count: count &+ 1)
        return
      default: continue
      }
    }
    guard bounded(reports.count, limits.reports, .reports) else { return }
    reports.append(new)
  }
}
