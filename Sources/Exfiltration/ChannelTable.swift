// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding
internal import VideoDetection

/// Payload between two ends, and when the sender sent.
struct ChannelVolume {
  var bytes: UInt64 = 0
  var reverseBytes: UInt64 = 0
  var firstTime: Int64
  var lastTime: Int64

  init(_ flow: borrowing Flow, _ direction: FlowDirection) {
    let times =
      direction == .fromOriginator
      ? (flow.originator.firstTime, flow.originator.lastTime)
      : (flow.responder.firstTime, flow.responder.lastTime)
    firstTime = times.0 ?? flow.firstPacket.time
    lastTime = times.1 ?? firstTime
    let originator = flow.originator.newPayloadBytes
    let responder = flow.responder.newPayloadBytes
    bytes = direction == .fromOriginator ? originator : responder
    reverseBytes = direction == .fromOriginator ? responder : originator
  }

  mutating func add(_ other: ChannelVolume) {
    bytes &+= other.bytes
    reverseBytes &+= other.reverseBytes
    firstTime = min(firstTime, other.firstTime)
    lastTime = max(lastTime, other.lastTime)
  }

  /// Duration of the source's direction in seconds.
  var seconds: Double { Double(max(0, lastTime &- firstTime)) / 1e9 }

  /// Much payload, nearly all of it outward.
  var isBulk: Bool {
    let outward = Double(bytes)
    let inward = Double(reverseBytes)
    guard outward + inward > 0 else { return false }
    return outward >= ExposureThresholds.bulkBytesPerHour.value * max(1, seconds / 3_600)
      && (outward - inward) / (outward + inward) >= ExposureThresholds.bulkRatio.value
  }
}

/// What one host sent to one place, over all flows.
struct Channel {
  /// What is merged into one finding.
  struct Key: Equatable {
    var source: IPAddress
    var destination: IPAddress
    var protocolNumber: UInt8
    /// The listener's port: of the destination where the source dialled, else of the source.
    var servicePort: UInt16
    /// Whether the destination dialled the source.
    var isPulled: Bool

    init(_ flow: borrowing Flow, _ direction: FlowDirection) {
      isPulled = direction == .fromResponder
      source = isPulled ? flow.responderAddress : flow.originatorAddress
      destination = isPulled ? flow.originatorAddress : flow.responderAddress
      protocolNumber = flow.protocolNumber
      servicePort = flow.responderPort
    }
  }

  /// How much of a flow can be read.
  enum Cover: UInt8 {
    case clear
    case ciphered
    case tunnel
  }

  var key: Key
  /// Port of the destination; `nil` where it differs between flows or the protocol has none.
  var destinationPort: UInt16?
  private(set) var volume: ChannelVolume
  var wireBytes: UInt64 = 0
  var uniqueWireBytes: UInt64 = 0
  var packets: UInt64 = 0
  /// New payload of flows of which only the outside is readable.
  var cipheredBytes: UInt64 = 0
  /// Flows of tunnels that cipher several conversations into one.
  var tunnels = 0
  var firstPacket: PacketReference
  var firstFlow: Int
  /// Flows after the first one, at most `Finding.maximumFlows`.
  var laterFlows: [Int] = []
  var flowCount = 0
  /// Assessments with evidence: indices in the detector's list, at most `maximumAssessments`.
  var assessments: [Int] = []
  var verdict = VideoVerdict.noEvidence
  /// New payload of the flows that have this verdict.
  var verdictBytes: UInt64 = 0
  /// Directions that could not be assessed.
  var notAssessed = 0

  /// Assessments whose reasons are shown.
  static let maximumAssessments = 4

  var bytes: UInt64 { volume.bytes }
  var reverseBytes: UInt64 { volume.reverseBytes }
  var firstTime: Int64 { volume.firstTime }
  var lastTime: Int64 { volume.lastTime }
  /// Duration of the source's direction in seconds.
  var seconds: Double { volume.seconds }
  /// Much payload, nearly all of it outward.
  var isBulk: Bool { volume.isBulk }

  /// Begins with a flow.
  init(_ flow: Flow, _ direction: FlowDirection, cover: Cover) {
    key = Key(flow, direction)
    volume = ChannelVolume(flow, direction)
    firstPacket = flow.firstPacket
    firstFlow = flow.id
    destinationPort = Self.port(flow, direction)
    count(flow, direction, cover: cover)
  }

  /// Adds a later flow.
  mutating func add(_ flow: Flow, _ direction: FlowDirection, cover: Cover) {
    volume.add(ChannelVolume(flow, direction))
    if destinationPort != Self.port(flow, direction) { destinationPort = nil }
    if flow.id != firstFlow, laterFlows.count < Finding.maximumFlows - 1 {
      laterFlows.append(flow.id)
    }
    count(flow, direction, cover: cover)
  }

  private mutating func count(_ flow: Flow, _ direction: FlowDirection, cover: Cover) {
    let counters = flow.counters(direction)
    if cover != .clear { cipheredBytes &+= counters.newPayloadBytes }
    if cover == .tunnel { tunnels += 1 }
    wireBytes &+= counters.wireBytes
    uniqueWireBytes &+= counters.uniqueWireBytes
    packets &+= counters.packets
    flowCount += 1
  }

  private static func port(_ flow: Flow, _ direction: FlowDirection) -> UInt16? {
    guard flow.hasPorts else { return nil }
    return direction == .fromOriginator ? flow.responderPort : flow.originatorPort
  }
}

/// The channels of the hosts of one shard, in order of their first flows: all flows of a channel are
/// between the same two addresses and therefore in one shard.
///
/// Of all of them only the bytes are summed; the few that matter are summed in full from their flows
/// when they are asked for. 32 bytes a channel and eight a flow.
struct ChannelTable: Sendable {
  /// What is kept of every channel.
  struct Entry: Sendable {
    /// New payload bytes of all of its flows.
    fileprivate(set) var bytes: UInt64
    let key: Key
    /// Places of its first and last flow in `parts`.
    fileprivate let firstPart: UInt32
    fileprivate var lastPart: UInt32
  }

  /// As `Channel.Key`, with the numbers of the addresses.
  struct Key: Equatable, Sendable {
    let source: UInt32
    let destination: UInt32
    /// Service port (16), protocol (8), direction (8).
    fileprivate let service: UInt32

    /// Whether the destination dialled the source.
    var isPulled: Bool { service & 0xFF != 0 }

    init(_ port: UInt16, _ protocolNumber: UInt8, _ direction: FlowDirection, _ ends: Ends) {
      source = UInt32(truncatingIfNeeded: ends.source)
      destination = UInt32(truncatingIfNeeded: ends.destination)
      service =
        UInt32(port) << 16 | UInt32(protocolNumber) << 8 | (direction == .fromResponder ? 1 : 0)
    }
  }

  /// The numbers of the addresses of a direction.
  struct Ends {
    var source: Int
    var destination: Int
  }

  /// A flow of a channel.
  private struct Part: Sendable {
    /// Its index in the shard.
    let flow: UInt32
    /// Place of the channel's next flow plus one, 0 for none (30), and the cover (2).
    private var link: UInt32

    init(_ flow: UInt32, _ cover: Channel.Cover) {
      self.flow = flow
      link = UInt32(cover.rawValue)
    }

    var cover: Channel.Cover { Channel.Cover(rawValue: UInt8(link & 3)) ?? .clear }
    var next: UInt32 { link >> 2 }

    mutating func setNext(_ next: UInt32) { link = next << 2 | link & 3 }
  }

  /// What assessments say of a channel.
  private struct Assessed: Sendable {
    var assessments: [Int] = []
    var verdict = VideoVerdict.noEvidence
    var verdictBytes: UInt64 = 0
    var notAssessed = 0
  }

  private let shard: UInt32
  private(set) var entries: [Entry] = []
  private var parts: [Part] = []
  private var assessed: [Int: Assessed] = [:]
  /// Place in `entries` plus one, by a hash with a seed of this run; at most half are taken.
  private var slots: [UInt32]
  private let seed = UInt64.random(in: .min ... .max)
  /// Flow directions left out because of the bound.
  private(set) var overflow = BoundCount()
  /// Channels kept; flows of further ones count only where they carry evidence or much payload.
  private let maximum: Int

  /// Makes an empty table for the flows of a shard, so that it hardly ever grows: pages of room that
  /// is not used cost nothing, copies of what was there do.
  init(shard: Int, flowCount: Int, maximum: Int) {
    self.shard = UInt32(truncatingIfNeeded: shard)
    self.maximum = maximum
    let channelCount = min(flowCount, maximum)
    entries.reserveCapacity(channelCount)
    parts.reserveCapacity(flowCount)
    var slotCount = 64
    while slotCount < 2 &* channelCount { slotCount &*= 2 }
    slots = [UInt32](repeating: 0, count: slotCount)
  }

  /// Adds the direction with a key of a flow, which carried so many new bytes of payload outside at
  /// `time` first; `false` where there is no room for its channel.
  mutating func add(
    _ key: Key, bytes: UInt64, ofFlow flow: UInt32, at time: Int64, cover: Channel.Cover
  ) -> Bool {
    let slot = slot(of: key)
    if slots[slot] > 0 {
      append(flow, bytes, cover, to: Int(slots[slot]) &- 1)
      return true
    }
    guard
      entries.count < maximum || Double(bytes) >= ExposureThresholds.volumeFloor.value
    else {
      overflow.note(at: time)
      return false
    }
    insert(flow, key, bytes, cover, slot)
    return true
  }

  /// Attaches an assessment; adds the flow, with its index in the shard, where its channel was not
  /// followed.
  mutating func attach(
    _ assessment: DirectionAssessment, at position: Int, _ key: Key, bytes: UInt64,
    ofFlow flow: UInt32, isFollowed: Bool
  ) {
    let slot = slot(of: key)
    let index: Int
    if slots[slot] > 0 {
      index = Int(slots[slot]) &- 1
      if !isFollowed { append(flow, bytes, .clear, to: index) }
    } else {
      index = entries.count
      insert(flow, key, bytes, .clear, slot)
    }
    if assessment.verdict == .notAssessed {
      assessed[index, default: Assessed()].notAssessed += 1
      if verdict(at: index) == .noEvidence { assessed[index]?.verdict = .notAssessed }
    }
    guard assessment.verdict >= .possible else { return }
    note(assessment.verdict, of: bytes, at: index)
    assessed[index]?.assessments.append(position)
  }

  /// Takes over that the verdict of a direction of a flow was raised.
  mutating func raise(_ key: Key, bytes: UInt64, to verdict: VideoVerdict) {
    let slot = slot(of: key)
    guard slots[slot] > 0 else { return }
    note(verdict, of: bytes, at: Int(slots[slot]) &- 1)
  }

  /// Counts a flow's bytes to the verdict of its channel where none is stronger.
  private mutating func note(_ verdict: VideoVerdict, of bytes: UInt64, at index: Int) {
    var known = assessed[index] ?? Assessed()
    if verdict > known.verdict {
      known.verdict = verdict
      known.verdictBytes = 0
    }
    if verdict == known.verdict { known.verdictBytes &+= bytes }
    assessed[index] = known
  }

  /// Keeps only the strongest assessments of each channel, the earliest of equals.
  mutating func keepStrongest(_ verdicts: (Int) -> VideoVerdict) {
    for (index, known) in assessed where known.assessments.count > 1 {
      let sorted = known.assessments.sorted {
        let first = verdicts($0)
        let second = verdicts($1)
        return first == second ? $0 < $1 : first > second
      }
      assessed[index]?.assessments = Array(sorted.prefix(Channel.maximumAssessments))
    }
  }

  /// The strongest verdict of a channel.
  private func verdict(at index: Int) -> VideoVerdict { assessed[index]?.verdict ?? .noEvidence }

  /// The channels that may become findings: those with a verdict, and those with much payload.
  var notable: [Int] {
    let floor = ExposureThresholds.bulkBytesPerHour.value
    return entries.indices.filter {
      Double(entries[$0].bytes) >= floor || verdict(at: $0) != .noEvidence
    }
  }

  /// The first flow of a channel.
  func firstFlow(at index: Int) -> FlowPlace {
    FlowPlace(shard: shard, index: parts[Int(entries[index].firstPart)].flow)
  }

  /// A channel with everything that is known of it.
  ///
  /// - Complexity: O(flows of the channel).
  func channel(at index: Int, _ flows: FlowCollection) -> Channel {
    func flow(_ part: Part) -> Flow {
      flows.flow(atSpot: FlowPlace(shard: shard, index: part.flow))
    }
    let entry = entries[index]
    let direction: FlowDirection = entry.key.isPulled ? .fromResponder : .fromOriginator
    var part = parts[Int(entry.firstPart)]
    var channel = Channel(flow(part), direction, cover: part.cover)
    while part.next > 0 {
      part = parts[Int(part.next) &- 1]
      channel.add(flow(part), direction, cover: part.cover)
    }
    if let known = assessed[index] {
      channel.assessments = known.assessments
      channel.verdict = known.verdict
      channel.verdictBytes = known.verdictBytes
      channel.notAssessed = known.notAssessed
    }
    return channel
  }

  private mutating func append(
    _ flow: UInt32, _ bytes: UInt64, _ cover: Channel.Cover, to index: Int
  ) {
    parts.append(Part(flow, cover))
    let place = UInt32(truncatingIfNeeded: parts.count)
    parts[Int(entries[index].lastPart)].setNext(place)
    entries[index].bytes &+= bytes
    entries[index].lastPart = place &- 1
  }

  private mutating func insert(
    _ flow: UInt32, _ key: Key, _ bytes: UInt64, _ cover: Channel.Cover, _ slot: Int
  ) {
    let place = UInt32(truncatingIfNeeded: parts.count)
    parts.append(Part(flow, cover))
    entries.append(Entry(bytes: bytes, key: key, firstPart: place, lastPart: place))
    slots[slot] = UInt32(truncatingIfNeeded: entries.count)
    guard slots.count < 2 &* (entries.count &+ 1) else { return }
    slots = [UInt32](repeating: 0, count: 2 &* slots.count)
    for position in entries.indices {
      slots[self.slot(of: entries[position].key)] = UInt32(truncatingIfNeeded: position &+ 1)
    }
  }

  private func start(of key: Key) -> Int {
    let pair = UInt64(key.source) << 32 | UInt64(key.destination)
    let first = (pair ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    let second = (first.high ^ first.low ^ UInt64(key.service) ^ seed &>> 1)
      .multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return Int(truncatingIfNeeded: second.high ^ second.low) & (slots.count &- 1)
  }

  /// The slot that holds a key, or the free one where it belongs.
  private func slot(of key: Key) -> Int {
    var slot = start(of: key)
    while slots[slot] != 0, entries[Int(slots[slot]) &- 1].key != key {
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    return slot
  }
}
