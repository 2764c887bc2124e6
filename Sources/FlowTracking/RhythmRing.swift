// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// The open window of one candidate direction (classifier.md §3.1, tier 1): 16 KB at most.
struct RhythmRing {
  private(set) var flow: UInt32
  private(set) var direction: FlowDirection
  private(set) var windowStart: Int64
  private(set) var lastTime: Int64
  private(set) var bytes: UInt64 = 0
  private var bytesPerSecond = InlineArray<10, UInt32>(repeating: 0)
  private var groups: [PacketGroup] = []
  private var bins: [UInt16]
  private var packets: [PacketReference] = []
  /// The group under way.
  private var groupStart: UInt32 = 0
  private var groupEnd: UInt32 = 0
  private var groupBytes: UInt32 = 0
  private var isContinued = false
  /// Whether a flow has the ring.
  private(set) var isTaken = true

  /// Opens the first window of a direction.
  init(flow: UInt32, direction: FlowDirection, time: Int64) {
    self.flow = flow
    self.direction = direction
    windowStart = time
    lastTime = time
    bins = Array(repeating: 0, count: RhythmWindow.binCount)
  }

  /// Gives the ring to another direction.
  mutating func take(flow: UInt32, direction: FlowDirection, time: Int64) {
    self.flow = flow
    self.direction = direction
    isTaken = true
    isContinued = false
    reset(at: time)
    lastTime = time
  }

  mutating func release() { isTaken = false }

  /// Whether a packet at `time` belongs to a later window.
  @inline(__always)
  func isOver(at time: Int64) -> Bool { time &- windowStart >= RhythmWindow.length }

  /// Adds new payload; the packet is within the window or before it.
  @inline(__always)
  mutating func add(
    _ newBytes: UInt32, at time: Int64, reference: @autoclosure () -> PacketReference
  ) {
    // A packet older than the one before it is dated to that one: order is what counts.
    if time > lastTime { lastTime = time }
    let offset = UInt32(truncatingIfNeeded: max(0, lastTime &- windowStart) / 1_000)
    bytes &+= UInt64(newBytes)
    bytesPerSecond[min(9, Int(offset / 1_000_000))] &+= newBytes
    if newBytes >= RhythmWindow.minimumBinnedPacket {
      let bin = min(Int(offset / RhythmWindow.binWidth), RhythmWindow.binCount - 1)
      bins[bin] = UInt16(clamping: UInt32(bins[bin]) &+ newBytes / 16)
    }
    if groupBytes > 0, offset &- groupEnd < RhythmWindow.groupGap {
      groupEnd = offset
      groupBytes = groupBytes &+ newBytes
      return
    }
    endGroup()
    groupStart = offset
    groupEnd = offset
    groupBytes = newBytes
    if packets.count < RhythmWindow.maximumPackets { packets.append(reference()) }
  }

  private mutating func endGroup() {
    guard groupBytes > 0 else { return }
    if groups.count < RhythmWindow.maximumGroups {
      groups.append(
        PacketGroup(
          start: groupStart, duration: groupEnd &- groupStart, bytes: groupBytes,
          isContinued: isContinued))
    }
    groupBytes = 0
    isContinued = false
  }

  /// Hands out the window and opens the next one for a packet at `time`; `nil` ends the direction.
  mutating func close(next time: Int64?) -> RhythmWindow? {
    let lastOffset = groupBytes > 0 ? groupEnd : 0
    let goesOn =
      time.map {
        lastOffset > 0
          && $0 &- windowStart < Int64(lastOffset &+ RhythmWindow.groupGap) &* 1_000
      } ?? false
    endGroup()
    let window =
      groups.isEmpty
      ? nil
      : RhythmWindow(
        flow: flow, direction: direction, start: windowStart, lastTime: lastTime, bytes: bytes,
        bytesPerSecond: bytesPerSecond.indices.map { bytesPerSecond[$0] }, groups: groups,
        bins: bins, packets: packets,
        isWhole: time != nil)
    if let time {
      let elapsed = time &- windowStart
      // After a pause the next window begins with the traffic, not somewhere in it.
      reset(at: elapsed < 2 * RhythmWindow.length ? windowStart &+ RhythmWindow.length : time)
      isContinued = goesOn
    }
    return window
  }

  private mutating func reset(at time: Int64) {
    windowStart = time
    bytes = 0
    bytesPerSecond = InlineArray(repeating: 0)
    groups = []
    groups.reserveCapacity(256)
    bins = Array(repeating: 0, count: RhythmWindow.binCount)
    packets = []
    groupBytes = 0
    groupStart = 0
    groupEnd = 0
  }
}

/// The rings of a shard's candidates.
struct RhythmRings: ~Copyable {
  /// Directions measured at the same time, `MemoryLimits.rhythms`.
  private let maximum: Int

  private var rings = Slabs<RhythmRing>()
  private var free: [Int] = []

  init(maximum: Int) { self.maximum = maximum }

  /// A ring for a direction, `nil` where all are taken.
  mutating func take(flow: UInt32, direction: FlowDirection, time: Int64) -> Int? {
    if let index = free.popLast() {
      rings[index].take(flow: flow, direction: direction, time: time)
      return index
    }
    guard rings.count < maximum else { return nil }
    return rings.append(RhythmRing(flow: flow, direction: direction, time: time))
  }

  subscript(index: Int) -> RhythmRing {
    @inline(__always) _read { yield rings[index] }
    @inline(__always) _modify { yield &rings[index] }
  }

  mutating func release(_ index: Int) {
    rings[index].release()
    free.append(index)
  }

  /// The ring with the lowest rate since its window began, and that rate in bytes a second.
  func slowest(at time: Int64) -> (index: Int, rate: Double)? {
    var slowest: (index: Int, rate: Double)?
    for index in 0..<rings.count where rings[index].isTaken {
      let seconds = max(1, Double(max(0, time &- rings[index].windowStart)) / 1e9)
      let rate = Double(rings[index].bytes) / seconds
      if slowest.map({ rate < $0.rate }) ?? true { slowest = (index, rate) }
    }
    return slowest
  }
}

/// How far a direction is on its way to being measured.
struct RhythmState: BitwiseCopyable {
  /// Ring plus one; 0 for none, `refused` where the bound was met, `unwanted` where no one asks.
  var ring: UInt32 = 0
  /// Start and bytes of the seconds over which the rate is looked at.
  var spanStart: Int64 = .min
  var spanBytes: UInt64 = 0
  /// Bytes a second of the span that made it a candidate.
  var rate: UInt64 = 0

  static let refused = UInt32.max
  static let unwanted = UInt32.max - 1
  /// Answer of `FlowTraffic.add`, never kept: the direction has just become a candidate.
  static let candidate = UInt32.max - 2

  /// Least rate of a candidate: 40 kbit/s in bytes a second (classifier.md §3.1, tier 1).
  static let minimumRate: UInt64 = 5_000
  /// Time over which it must hold: 3 s (classifier.md §3.1, tier 1).
  static let minimumTime: Int64 = 3_000_000_000

  /// Adds bytes and says whether the direction has become a candidate.
  @inline(__always)
  mutating func isCandidate(_ bytes: UInt32, at time: Int64) -> Bool {
    spanBytes &+= UInt64(bytes)
    let elapsed = time &- spanStart
    if spanStart != .min, elapsed < Self.minimumTime, elapsed >= 0 { return false }
    return endSpan(at: time, elapsed)
  }

  @inline(never)
  private mutating func endSpan(at time: Int64, _ elapsed: Int64) -> Bool {
    let isFast =
      spanStart != .min && elapsed > 0
      && spanBytes >= UInt64(elapsed / 1_000_000) &* Self.minimumRate / 1_000
    if isFast { rate = spanBytes / UInt64(max(1, elapsed / 1_000_000_000)) }
    spanStart = time
    spanBytes = 0
    return isFast
  }
}

extension FlowTraffic {
  /// No direction of the flow is measured.
  mutating func leaveRhythm() {
    for direction in FlowDirection.allCases { rhythm[direction].ring = RhythmState.unwanted }
  }
}

extension FlowTable {
  /// Measures the rhythm of a direction that carried new payload; `ring` is its detail's state.
  @inline(__always)
  mutating func updateRhythm(
    _ ring: UInt32, _ newPayload: UInt32, time: Int64,
    reference: @autoclosure () -> PacketReference
  ) {
    guard ring > 0, ring < RhythmState.unwanted else { return }
    let index = Int(ring) &- 1
    if rhythmRings[index].isOver(at: time) {
      if let window = rhythmRings[index].close(next: time) { closedWindows.append(window) }
    }
    rhythmRings[index].add(newPayload, at: time, reference: reference())
  }

  /// Begins to measure a direction that has become a candidate, where there is a ring for it.
  @inline(never)
  mutating func startRhythm(
    traffic: Int, place: Int, _ direction: FlowDirection, time: Int64
  ) {
    let flow = UInt32(truncatingIfNeeded: place)
    if let index = rhythmRings.take(flow: flow, direction: direction, time: time) {
      traffics[traffic].rhythm[direction].ring = UInt32(truncatingIfNeeded: index) &+ 1
      return
    }
    guard let slowest = rhythmRings.slowest(at: time) else { return }
    let silent = time &- rhythmRings[slowest.index].lastTime
    // What is silent for a window gives its ring up and may come back; what sends is cut off.
    let isSilent = silent >= RhythmWindow.length
    guard isSilent || slowest.rate < Double(traffics[traffic].rhythm[direction].rate) else {
      traffics[traffic].rhythm[direction].ring = RhythmState.refused
      rhythmRefusals.append((flow, direction, time))
      return
    }
    let other = rhythmRings[slowest.index].direction
    let otherPlace = Int(rhythmRings[slowest.index].flow)
    if isSilent {
      if let window = rhythmRings[slowest.index].close(next: nil) { closedWindows.append(window) }
    } else {
      rhythmRefusals.append((UInt32(truncatingIfNeeded: otherPlace), other, time))
    }
    traffics[trafficIndex(otherPlace)].rhythm[other].ring = isSilent ? 0 : RhythmState.refused
    rhythmRings[slowest.index].take(flow: flow, direction: direction, time: time)
    traffics[traffic].rhythm[direction].ring = UInt32(truncatingIfNeeded: slowest.index) &+ 1
  }

  /// Hands out the last windows of a flow that is over.
  mutating func finishRhythm(traffic: Int) {
    for direction in FlowDirection.allCases {
      let ring = traffics[traffic].rhythm[direction].ring
      guard ring > 0, ring < RhythmState.unwanted else { continue }
      if let window = rhythmRings[Int(ring) - 1].close(next: nil) { closedWindows.append(window) }
      rhythmRings.release(Int(ring) - 1)
      traffics[traffic].rhythm[direction].ring = RhythmState.unwanted
    }
  }

  /// Stops measuring a direction: what it carries is known.
  package mutating func stopRhythm(of flow: UInt32, direction: FlowDirection) {
    guard entries[Int(flow)].state.contains(.hasTimeBins) else { return }
    let traffic = trafficIndex(Int(flow))
    let ring = traffics[traffic].rhythm[direction].ring
    if ring > 0, ring < RhythmState.unwanted { rhythmRings.release(Int(ring) - 1) }
    traffics[traffic].rhythm[direction].ring = RhythmState.unwanted
  }

  /// Hands out the windows that closed since the last call, in packet order.
  package mutating func takeClosedWindows() -> [RhythmWindow] {
    guard !closedWindows.isEmpty else { return [] }
    let windows = closedWindows
    closedWindows = []
    return windows
  }
}
