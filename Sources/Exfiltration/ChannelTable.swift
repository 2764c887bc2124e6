// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding
internal import VideoDetection

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
  enum Cover {
    case clear
    case ciphered
    case tunnel
  }

  var key: Key
  /// Port of the destination; `nil` where it differs between flows or the protocol has none.
  var destinationPort: UInt16?
  var bytes: UInt64 = 0
  var reverseBytes: UInt64 = 0
  var wireBytes: UInt64 = 0
  var uniqueWireBytes: UInt64 = 0
  var packets: UInt64 = 0
  /// New payload of flows of which only the outside is readable.
  var cipheredBytes: UInt64 = 0
  /// Flows of tunnels that cipher several conversations into one.
  var tunnels = 0
  var firstTime: Int64
  var lastTime: Int64
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

  init(_ flow: borrowing Flow, _ direction: FlowDirection, cover: Cover = .clear) {
    key = Key(flow, direction)
    let counters = flow.counters(direction)
    firstTime = counters.firstTime ?? flow.firstPacket.time
    lastTime = counters.lastTime ?? firstTime
    firstPacket = flow.firstPacket
    firstFlow = flow.id
    destinationPort = Self.port(flow, direction)
    add(flow, direction, cover: cover)
  }

  mutating func add(_ flow: Flow, _ direction: FlowDirection, cover: Cover = .clear) {
    let counters = flow.counters(direction)
    if cover != .clear { cipheredBytes &+= counters.newPayloadBytes }
    if cover == .tunnel { tunnels += 1 }
    bytes &+= counters.newPayloadBytes
    reverseBytes &+= flow.counters(direction.reversed).newPayloadBytes
    wireBytes &+= counters.wireBytes
    uniqueWireBytes &+= counters.uniqueWireBytes
    packets &+= counters.packets
    firstTime = min(firstTime, counters.firstTime ?? firstTime)
    lastTime = max(lastTime, counters.lastTime ?? lastTime)
    if destinationPort != Self.port(flow, direction) { destinationPort = nil }
    flowCount += 1
    if flow.id != firstFlow, laterFlows.count < Finding.maximumFlows - 1 {
      laterFlows.append(flow.id)
    }
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

  private static func port(_ flow: Flow, _ direction: FlowDirection) -> UInt16? {
    switch flow.protocolNumber {
    case 6, 17, 132, 136:
      direction == .fromOriginator ? flow.responderPort : flow.originatorPort
    default: nil
    }
  }
}

/// The channels of all hosts, in order of their first flows.
struct ChannelTable {
  /// Channels kept; flows of further ones count only where they carry evidence or much payload.
  static let maximumChannels = 1 << 19

  private(set) var channels: [Channel] = []
  /// Place in `channels` plus one, by a hash with a seed of this run; at most half are taken.
  private var slots = [UInt32](repeating: 0, count: 64)
  private let seed = UInt64.random(in: .min ... .max)
  /// Flow directions left out because of the bound.
  private(set) var overflow: UInt64 = 0

  /// Adds a direction that carried payload outside.
  mutating func add(_ flow: Flow, _ direction: FlowDirection, cover: Channel.Cover = .clear) {
    let key = Channel.Key(flow, direction)
    if let index = index(of: key) {
      channels[index].add(flow, direction, cover: cover)
      return
    }
    let bytes = Double(flow.counters(direction).newPayloadBytes)
    guard
      channels.count < Self.maximumChannels || bytes >= ExposureThresholds.volumeFloor.value
    else {
      overflow &+= 1
      return
    }
    insert(flow, direction, key, cover: cover)
  }

  /// Attaches an assessment; adds the flow where its channel was not followed.
  mutating func attach(
    _ assessment: DirectionAssessment, at position: Int, _ flow: Flow, isFollowed: Bool
  ) {
    let key = Channel.Key(flow, assessment.direction)
    let index: Int
    if let known = self.index(of: key) {
      index = known
      if !isFollowed { channels[known].add(flow, assessment.direction) }
    } else {
      index = insert(flow, assessment.direction, key)
    }
    if assessment.verdict == .notAssessed {
      channels[index].notAssessed += 1
      if channels[index].verdict == .noEvidence { channels[index].verdict = .notAssessed }
    }
    guard assessment.verdict >= .possible else { return }
    note(assessment.verdict, of: flow, assessment.direction, at: index)
    channels[index].assessments.append(position)
  }

  /// Takes over that the verdict of a direction of a flow was raised.
  mutating func raise(_ flow: Flow, _ direction: FlowDirection, to verdict: VideoVerdict) {
    guard let index = index(of: Channel.Key(flow, direction)) else { return }
    note(verdict, of: flow, direction, at: index)
  }

  /// Counts a flow's bytes to the verdict of its channel where none is stronger.
  private mutating func note(
    _ verdict: VideoVerdict, of flow: Flow, _ direction: FlowDirection, at index: Int
  ) {
    if verdict > channels[index].verdict {
      channels[index].verdict = verdict
      channels[index].verdictBytes = 0
    }
    if verdict == channels[index].verdict {
      channels[index].verdictBytes &+= flow.counters(direction).newPayloadBytes
    }
  }

  /// Keeps only the strongest assessments of each channel, the earliest of equals.
  mutating func keepStrongest(_ verdicts: (Int) -> VideoVerdict) {
    for index in channels.indices where channels[index].assessments.count > 1 {
      let sorted = channels[index].assessments.sorted {
        let first = verdicts($0)
        let second = verdicts($1)
        return first == second ? $0 < $1 : first > second
      }
      channels[index].assessments = Array(sorted.prefix(Channel.maximumAssessments))
    }
  }

  @discardableResult
  private mutating func insert(
    _ flow: Flow, _ direction: FlowDirection, _ key: Channel.Key, cover: Channel.Cover = .clear
  ) -> Int {
    channels.append(Channel(flow, direction, cover: cover))
    if slots.count < 2 * channels.count {
      slots = [UInt32](repeating: 0, count: 2 * slots.count)
      for position in channels.indices {
        slots[slot(of: channels[position].key)] = UInt32(truncatingIfNeeded: position + 1)
      }
    } else {
      slots[slot(of: key)] = UInt32(truncatingIfNeeded: channels.count)
    }
    return channels.count - 1
  }

  private func index(of key: Channel.Key) -> Int? {
    let position = Int(slots[slot(of: key)])
    return position == 0 ? nil : position - 1
  }

  /// The slot that holds a key, or the free one where it belongs.
  private func slot(of key: Channel.Key) -> Int {
    let ends = (key.source.high ^ key.destination.high &* 3 ^ seed)
      .multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    let small =
      UInt64(key.servicePort) << 16 | UInt64(key.protocolNumber) << 8 | (key.isPulled ? 1 : 0)
    let first = (ends.high ^ ends.low ^ key.source.low)
      .multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    let second = (first.high ^ first.low ^ key.destination.low ^ small << 40)
      .multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: second.high ^ second.low) & mask
    while slots[slot] != 0, channels[Int(slots[slot]) - 1].key != key { slot = (slot + 1) & mask }
    return slot
  }
}
