// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// Uploads of one host to one place outside, over all connections: recurring large bursts and
/// recurring clips (classifier.md §3.6).
struct ChannelUploads {
  /// Where uploads go: the receiver's /24 or /48, since services change addresses within it.
  struct Channel: Hashable, Comparable {
    var source: IPAddress
    var destinationPrefix: IPAddress
    var protocolNumber: UInt8
    var destinationPort: UInt16

    static func < (lhs: Channel, rhs: Channel) -> Bool {
      if lhs.source != rhs.source { return lhs.source < rhs.source }
      if lhs.destinationPrefix != rhs.destinationPrefix {
        return lhs.destinationPrefix < rhs.destinationPrefix
      }
      if lhs.protocolNumber != rhs.protocolNumber {
        return lhs.protocolNumber < rhs.protocolNumber
      }
      return lhs.destinationPort < rhs.destinationPort
    }
  }

  /// One upload: a burst within a flow, or a flow as a whole.
  struct Upload {
    var flowID: Int
    var place: FlowPlace
    var direction: FlowDirection
    var bytes: UInt64
    var firstTime: Int64
    var lastTime: Int64
    var packet: PacketReference
  }

  /// A verdict on uploads of one channel.
  struct Recurrence {
    var evidence: Evidence
    var uploads: [Upload]
  }

  private var bursts: [Channel: [Upload]] = [:]
  private var clips: [Channel: [Upload]] = [:]
  private var count = 0
  /// Uploads that were not kept because of the bound.
  private(set) var overflow = BoundCount()
  /// Uploads kept; more are counted and left out.
  private let maximum: Int

  init(maximum: Int) { self.maximum = maximum }

  /// Adds what one direction uploaded.
  mutating func add(_ flow: Flow, _ direction: FlowDirection) {
    let counters = flow.counters(direction)
    let bytes = counters.newPayloadBytes
    guard Double(bytes) >= Thresholds.clipBytes.value else { return }
    let back = flow.counters(direction.reversed).newPayloadBytes
    let channel = Self.channel(flow, direction)
    for burst in flow.bursts where burst.direction == direction {
      guard Self.isLarge(burst), reserve(at: burst.firstTime) else { continue }
      bursts[channel, default: []].append(
        Upload(
          flowID: flow.id, place: flow.place, direction: direction, bytes: burst.bytes,
          firstTime: burst.firstTime, lastTime: burst.lastTime, packet: burst.firstPacket))
    }
    let share = Double(bytes) / Double(bytes &+ back)
    guard share >= Thresholds.burstShare.value, Self.isShort(flow, direction, bytes),
      reserve(at: flow.firstPacket.time)
    else { return }
    let first = flow.bursts.first { $0.direction == direction }?.firstPacket ?? flow.firstPacket
    clips[channel, default: []].append(
      Upload(
        flowID: flow.id, place: flow.place, direction: direction, bytes: bytes,
        firstTime: counters.firstTime ?? flow.firstPacket.time,
        lastTime: counters.lastTime ?? flow.lastTime, packet: first))
  }

  /// What recurs, in order of channels.
  func recurrences() -> [Recurrence] {
    var result: [Recurrence] = []
    for (_, uploads) in bursts.sorted(by: { $0.key < $1.key }) {
      if let recurrence = Self.recurringBursts(uploads) { result.append(recurrence) }
    }
    for (_, uploads) in clips.sorted(by: { $0.key < $1.key }) {
      if let recurrence = Self.recurringClips(uploads) { result.append(recurrence) }
    }
    return result
  }

  private mutating func reserve(at time: Int64) -> Bool {
    guard count < maximum else {
      overflow.note(at: time)
      return false
    }
    count += 1
    return true
  }

  private static func channel(_ flow: Flow, _ direction: FlowDirection) -> Channel {
    let isForward = direction == .fromOriginator
    let destination = isForward ? flow.responderAddress : flow.originatorAddress
    // The stable port is the listener's, whichever way the bytes run.
    return Channel(
      source: isForward ? flow.originatorAddress : flow.responderAddress,
      destinationPrefix: destination.isIPv4
        ? IPAddress(high: destination.high, low: destination.low & ~0xFF)
        : IPAddress(high: destination.high & ~0xFFFF, low: 0),
      protocolNumber: flow.protocolNumber, destinationPort: flow.responderPort)
  }

  private static func isLarge(_ burst: Burst) -> Bool {
    let seconds = Double(burst.lastTime &- burst.firstTime) / 1e9
    let share = Double(burst.bytes) / Double(max(burst.bytes &+ burst.reverseBytes, 1))
    let isFast = seconds <= 0 || Double(burst.bytes) * 8 / seconds >= Thresholds.burstRate.value
    return Double(burst.bytes) >= Thresholds.largeBurstBytes.value
      && share >= Thresholds.burstShare.value && seconds <= Thresholds.burstSeconds.value && isFast
  }

  /// Whether a connection did little else than one upload: its bursts hold most of its bytes and
  /// fill a short time.
  private static func isShort(
    _ flow: Flow, _ direction: FlowDirection, _ bytes: UInt64
  ) -> Bool {
    var busy: Int64 = 0
    var inBursts: UInt64 = 0
    for burst in flow.bursts where burst.direction == direction {
      busy &+= max(0, burst.lastTime &- burst.firstTime)
      inBursts &+= burst.bytes
    }
    return Double(inBursts) >= Thresholds.burstShare.value * Double(bytes)
      && Double(busy) / 1e9 <= Thresholds.burstSeconds.value
  }

  private static func recurringBursts(_ all: [Upload]) -> Recurrence? {
    let uploads = all.sorted { ($0.firstTime, $0.flowID) < ($1.firstTime, $1.flowID) }
    let needed = Int(Thresholds.recurringBursts.value)
    guard uploads.count >= needed else { return nil }
    let window = Int64(Thresholds.recurrenceSeconds.value * 1e9)
    var isDense = false
    for end in (needed - 1)..<uploads.count
    where uploads[end].firstTime &- uploads[end - needed + 1].firstTime <= window {
      isDense = true
    }
    let variation = Self.variation(uploads)
    let busy = Self.busyShare(uploads)
    guard isDense, variation >= Thresholds.burstVariationMinimum.value,
      variation <= Thresholds.burstVariationMaximum.value, busy <= Thresholds.burstBusyShare.value
    else { return nil }
    return Recurrence(
      evidence: Evidence(
        signal: "recurring_bursts", value: Double(uploads.count),
        threshold: Thresholds.recurringBursts.value, points: 1,
        text: describe(uploads, variation) + ", busy "
          + NumberText.decimal(busy * 100, 0) + " % of the time",
        packets: packets(uploads)), uploads: uploads)
  }

  private static func recurringClips(_ all: [Upload]) -> Recurrence? {
    let uploads = all.sorted { ($0.firstTime, $0.flowID) < ($1.firstTime, $1.flowID) }
    let variation = Self.variation(uploads)
    guard Double(uploads.count) >= Thresholds.recurringClips.value,
      variation >= Thresholds.clipVariationMinimum.value,
      variation <= Thresholds.clipVariationMaximum.value,
      busyShare(uploads) <= Thresholds.burstBusyShare.value
    else { return nil }
    return Recurrence(
      evidence: Evidence(
        signal: "recurring_clips", value: Double(uploads.count),
        threshold: Thresholds.recurringClips.value, points: 1,
        text: describe(uploads, variation) + ", each in a connection of its own",
        packets: packets(uploads)), uploads: uploads)
  }

  private static func describe(_ uploads: [Upload], _ variation: Double) -> String {
    let sizes = uploads.map(\.bytes).sorted()
    let span = Double((uploads.last?.firstTime ?? 0) &- (uploads.first?.firstTime ?? 0)) / 1e9
    return "\(uploads.count) uploads of \(NumberText.bytes(sizes.first ?? 0)) to "
      + "\(NumberText.bytes(sizes.last ?? 0)) within \(NumberText.duration(span)), sizes vary by "
      + NumberText.decimal(variation * 100, 0) + " %"
  }

  private static func packets(_ uploads: [Upload]) -> [PacketReference] {
    uploads.prefix(3).map(\.packet)
  }

  /// Standard deviation over mean of the sizes; 0 for fewer than two.
  private static func variation(_ uploads: [Upload]) -> Double {
    guard uploads.count >= 2 else { return 0 }
    let sizes = uploads.map { Double($0.bytes) }
    let mean = sizes.reduce(0, +) / Double(sizes.count)
    let variance = sizes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sizes.count)
    return mean > 0 ? variance.squareRoot() / mean : 0
  }

  private static func busyShare(_ uploads: [Upload]) -> Double {
    let first = uploads.first?.firstTime ?? 0
    let span = uploads.reduce(0) { max($0, $1.lastTime &- first) }
    guard span > 0 else { return 1 }
    let busy = uploads.reduce(0) { $0 &+ max(0, $1.lastTime &- $1.firstTime) }
    return Double(busy) / Double(span)
  }
}
