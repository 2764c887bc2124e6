// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// What recognizers of one shard write to: media units, streams, results and announcements.
struct RecognitionContext: ~Copyable {
  /// "No index".
  static let none = UInt32.max
  /// Facts kept of one flow.
  static let maximumDetails = 16

  /// What a shard may keep.
  let limits: MemoryLimits

  /// The table, within reach: the static one is asked whether it was made every time.
  let recognizers = Recognizers.index

  // The flow of the event being handled, and its packet's time.
  var flow: UInt32 = 0
  var time: Int64 = 0
  var endpoints: FlowEndpoints?
  var result = RecognitionContext.none

  var units: [PendingUnit] = []
  var copied: [UInt8] = []
  /// Bytes held of packets that came before their stream was believed, and of streams that no
  /// recognizer has taken yet.
  var waitingBytes = 0

  var streams: [MediaStreamRecord] = []
  var rtp: [RTPStreamState] = []
  var freeRTP: [UInt32] = []
  /// The state believed last of each SSRC, at most one a stream; looked up for reports only.
  var rtpOfSource: [UInt32: UInt32] = [:]
  var reports: [RTCPObservation] = []
  var results: [FlowRecord] = []
  /// Names and facts of the flows in `results`.
  var log: FlowLog

  var texts: TextStore
  var names: [NameAnnouncement] = []
  var leases: [LeaseAnnouncement] = []
  var mediaEndpoints: [MediaEndpointAnnouncement] = []
  var relays: [RelayAnnouncement] = []
  var marks: [DeviceMark] = []
  var tunnels: [TunnelHalf] = []
  var fileTransfers: [FileTransfer] = []
  /// How often each bound was met.
  private(set) var overflow = [BoundCount](
    repeating: BoundCount(), count: RecognitionBound.allCases.count)

  init(_ limits: MemoryLimits) {
    self.limits = limits
    log = FlowLog(limits)
    texts = TextStore(maximumBytes: limits.nameBytes)
  }

  /// The endpoints of the current flow as seen by `direction`.
  ///
  /// Mutating, as what else is asked of the context for each packet: a context that is only borrowed
  /// is copied to be passed on (measured: 88 instructions).
  mutating func source(_ direction: FlowDirection) -> (address: IPAddress, port: UInt16) {
    guard let endpoints else { return (.unspecified, 0) }
    return direction == .fromOriginator
      ? (endpoints.originatorAddress, endpoints.originatorPort)
      : (endpoints.responderAddress, endpoints.responderPort)
  }

  /// Place of an announcement made by `chunk`.
  mutating func place(_ chunk: Chunk) -> AnnouncementPlace {
    AnnouncementPlace(
      number: chunk.number, packet: chunk.packet, speaker: source(chunk.direction).address,
      listener: source(chunk.direction.reversed).address)
  }

  /// Whether `count` more bytes may wait.
  func mayHold(_ count: Int) -> Bool { waitingBytes &+ count <= limits.recognitionBytes }

  /// Whether one more of a kind may be kept; notes it where not.
  mutating func bounded(_ count: Int, _ bound: Int, _ kind: RecognitionBound) -> Bool {
    if count < bound { return true }
    meet(kind)
    return false
  }

  /// Notes that a bound leaves something out of what is being handled.
  mutating func meet(_ bound: RecognitionBound) { overflow[bound.rawValue].note(at: time) }
}

/// A bound of a shard's recognition that can be met.
enum RecognitionBound: Int, CaseIterable {
  case facts
  case fileTransfers
  case leases
  case marks
  case mediaEndpoints
  case mediaStreams
  case names
  case relays
  case reports
  case slots
  case sources
  case tunnels

  /// The name under which meeting it is reported.
  var name: String {
    switch self {
    case .facts: "flow_facts"
    case .fileTransfers: "file_transfers"
    case .leases: "leases"
    case .marks: "marks"
    case .mediaEndpoints: "media_endpoints"
    case .mediaStreams: "media_streams"
    case .names: "names"
    case .relays: "relays"
    case .reports: "rtcp_reports"
    case .slots: "recognition_slots"
    case .sources: "rtp_sources"
    case .tunnels: "rtsp_tunnels"
    }
  }
}

extension RecognitionContext {
  /// The index of the current flow's result, made when missing.
  @inline(__always)
  mutating func resultIndex() -> Int {
    if result == Self.none { addResult() }
    return Int(result)
  }

  @inline(never)
  private mutating func addResult() {
    result = UInt32(truncatingIfNeeded: results.count)
    results.appendToLog(FlowRecord(flow: flow))
  }

  /// Names what the current flow speaks.
  mutating func setService(_ service: Service, _ chunk: Chunk) {
    let index = resultIndex()
    if chunk.depth > 0 {
      log.withRareFacts(of: &results[index]) { rare in
        if !rare.innerServices.contains(service), rare.innerServices.count < 8 {
          rare.innerServices.append(service)
        }
      }
      return
    }
    if results[index].service != service {
      results[index].service = service
      results[index].evidence = log.number(of: chunk.packet)
    }
  }

  /// Stores the name of the server of the current flow; the first one stands.
  mutating func setServerName(_ name: String) { setServerName(name.utf8.span) }

  /// Stores the name of the server of the current flow; the first one stands.
  mutating func setServerName(_ name: Span<UInt8>) {
    guard !name.isEmpty else { return }
    let index = resultIndex()
    guard results[index].serverName == Self.none else { return }
    if let number = log.text(name) {
      results[index].serverName = number
    } else {
      meet(.facts)
    }
  }

  /// Whether the server of the current flow has a name already.
  var hasServerName: Bool {
    result != Self.none && results[Int(result)].serverName != Self.none
  }

  /// Adds a fact about the current flow, each text once.
  mutating func addDetail(_ kind: FlowFact.Kind, _ text: String, _ chunk: Chunk) {
    addDetail(kind, text.utf8.span, chunk)
  }

  /// Adds a fact about the current flow, each text once; at most 255 bytes of it.
  mutating func addDetail(
    _ kind: FlowFact.Kind, _ bytes: Span<UInt8>, _ range: Range<Int>, _ chunk: Chunk
  ) {
    let end = min(range.upperBound, range.lowerBound &+ TextStore.maximumName)
    addDetail(kind, bytes.extracting(range.lowerBound..<end), chunk)
  }

  /// Adds a fact about the current flow, each text once.
  mutating func addDetail(_ kind: FlowFact.Kind, _ text: Span<UInt8>, _ chunk: Chunk) {
    guard !text.isEmpty else { return }
    let index = resultIndex()
    guard results[index].factCount < Self.maximumDetails else { return }
    if !log.add(kind, text, chunk.direction, chunk.packet, to: &results[index]) {
      meet(.facts)
    }
  }

  /// Adds a mark of the current flow's sender, each (source, text) once a flow.
  mutating func addMark(
    _ source: String, vendor: String = "", model: String = "", serial: String = "",
    firmware: String = "", macAddress: MACAddress? = nil, role: String = "", text: String,
    confidence: MarkConfidence, _ chunk: Chunk
  ) {
    guard bounded(marks.count, limits.marks, .marks) else { return }
    let place = place(chunk)
    // Discovery answers repeat every few seconds; the last marks suffice to drop repetitions.
    for old in marks.suffix(32)
    where old.address == place.speaker && old.source == source && old.text == text {
      return
    }
    marks.append(
      DeviceMark(
        place: place, address: place.speaker, source: source, vendor: vendor, model: model,
        serial: serial, firmware: firmware, macAddress: macAddress, role: role, text: text,
        confidence: confidence))
  }

  @inline(__always)
  mutating func announce(_ name: NameAnnouncement) {
    guard bounded(names.count, limits.names, .names) else { return }
    names.appendToLog(name)
  }

  mutating func announce(_ lease: LeaseAnnouncement) {
    guard bounded(leases.count, limits.leases, .leases) else { return }
    leases.append(lease)
  }

  mutating func announce(_ endpoint: MediaEndpointAnnouncement) {
    guard bounded(mediaEndpoints.count, limits.mediaEndpoints, .mediaEndpoints) else { return }
    mediaEndpoints.append(endpoint)
  }

  mutating func announce(_ relay: RelayAnnouncement) {
    guard bounded(relays.count, limits.relays, .relays) else { return }
    for old in relays.suffix(16)
    where old.peerAddress == relay.peerAddress && old.peerPort == relay.peerPort
      && old.mappedAddress == relay.mappedAddress && old.relayedAddress == relay.relayedAddress
      && old.place.speaker == relay.place.speaker
      && old.place.listener == relay.place.listener
    {
      return
    }
    relays.append(relay)
  }

  /// Allots a media stream of the current flow; `nil` when the shard holds too many.
  mutating func addStream(
    _ kind: MediaStreamKind, direction: FlowDirection, vendorProtocol: String = ""
  ) -> UInt32? {
    guard bounded(streams.count, limits.mediaStreams, .mediaStreams) else { return nil }
    let index = UInt32(truncatingIfNeeded: streams.count)
    var record = MediaStreamRecord(
      stream: index, flow: flow, direction: direction,
      isOverTCP: endpoints?.protocolNumber == 6, kind: kind)
    record.vendorProtocol = vendorProtocol
    streams.append(record)
    return index
  }

  /// Hands a unit of a stream other than RTP to MediaInspection and counts it.
  mutating func emit(
    _ stream: UInt32, _ framing: MediaFraming, _ bytes: Span<UInt8>, _ chunk: Chunk,
    isLastOfAccessUnit: Bool = false, followsGap: Bool = false, subtype: UInt8 = 0,
    timestamp: UInt32 = 0
  ) {
    guard bytes.count > 0 else { return }
    count(stream, bytes.count, chunk)
    append(
      MediaUnit(
        stream: stream, framing: framing, isLastOfAccessUnit: isLastOfAccessUnit,
        followsGap: followsGap, subtype: subtype, timestamp: timestamp, packet: chunk.packet),
      bytes, chunk.region)
  }

  /// Counts a piece of a stream that MediaInspection cannot read.
  mutating func count(_ stream: UInt32, _ byteCount: Int, _ chunk: Chunk) {
    let index = Int(stream)
    guard index < streams.count else { return }
    if streams[index].units == 0 { streams[index].firstTime = chunk.packet.time }
    streams[index].units &+= 1
    streams[index].bytes &+= UInt64(byteCount)
    streams[index].rate.add(byteCount, at: chunk.packet.time)
    streams[index].lastTime = max(streams[index].lastTime, chunk.packet.time)
    let seen = streams[index].units
    if seen == 1 || seen == 10 || seen == 100 { streams[index].evidence.append(chunk.packet) }
  }

  /// Queues a unit for the consumer; copies the bytes when they lie nowhere lasting.
  mutating func append(_ unit: MediaUnit, _ bytes: Span<UInt8>, _ region: ByteRegion?) {
    if let region {
      units.append(
        PendingUnit(
          unit: unit, source: region.source, offset: UInt32(truncatingIfNeeded: region.offset),
          length: UInt32(truncatingIfNeeded: bytes.count)))
    } else {
      let offset = copied.count
      copied.append(contentsOf: bytes)
      units.append(
        PendingUnit(
          unit: unit, source: .copied, offset: UInt32(truncatingIfNeeded: offset),
          length: UInt32(truncatingIfNeeded: bytes.count)))
    }
  }
}
