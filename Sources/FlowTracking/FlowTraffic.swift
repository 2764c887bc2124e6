// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// What only flows that matter have: traffic over time, bursts and rhythm.
struct FlowTraffic {
  /// Bins a flow keeps at most; at the bound their width doubles (an hour of seconds).
  static let maximumTimeBins = 3_600
  /// Bursts a flow keeps; the smallest leaves (classifier.md §3.1: rings of 32).
  static let maximumBursts = 32
  /// Payload pauses this long end a burst: 1 s in nanoseconds (classifier.md §3.6).
  static let burstIdleTime: Int64 = 1_000_000_000
  /// Bursts below this many bytes are not kept; small enough for the shortest clips met
  /// (0.33 MB, `expected/camera_uploads.tsv`).
  static let minimumBurstBytes: UInt64 = 64 << 10

  private(set) var timeBins: TimeBins
  private(set) var bursts: [Burst] = []
  var rhythm = Directions<RhythmState>(RhythmState())
  private var openBurst = Directions<OpenBurst>(OpenBurst())

  struct OpenBurst: BitwiseCopyable {
    var firstTime: Int64 = 0
    var lastTime: Int64 = .min
    var bytes: UInt64 = 0
    var reverseBytes: UInt64 = 0
    var file: UInt32 = 0
    var frame: UInt64 = 0
  }

  /// The bin that the last packet fell into, taken out of `timeBins`, so that most packets touch no
  /// array; `currentTimes` are its nanoseconds, empty where there is none.
  private var current = TimeBin()
  private var currentTimes: (from: Int64, to: Int64) = (0, 0)
  private var currentIndex = 0

  /// Whether bins were joined for others' sake.
  private var isJoined = false

  /// Begins to keep seconds; `bin` holds what was carried before, from `time` on.
  init(from time: Int64, carrying bin: TimeBin) {
    timeBins = TimeBins(start: time.flooredSeconds, width: 1, bins: [bin])
  }

  /// Touches the lines that the flow's next packet changes.
  @inline(__always)
  var touched: UInt64 {
    rhythm.originator.spanBytes &+ UInt64(bitPattern: openBurst.originator.firstTime)
      &+ UInt64(bitPattern: openBurst.responder.lastTime)
      &+ UInt64(bitPattern: currentTimes.from)
  }

  /// Adds a packet that is no copy to its second, and its new payload to its burst.
  ///
  /// Returns what `RhythmState.ring` is of that payload, 0 for nothing to measure; `binCount`
  /// changes with the bins.
  @inline(__always)
  mutating func add(
    time: Int64, direction: FlowDirection, wireBytes: UInt32, newPayloadBytes: UInt32,
    payloadBytes: UInt32, binCount: inout Int, packet: @autoclosure () -> PacketReference
  ) -> UInt32 {
    addToTimeBins(
      time: time, direction: direction, wireBytes: wireBytes, newPayloadBytes: newPayloadBytes,
      payloadBytes: payloadBytes, binCount: &binCount)
    guard newPayloadBytes > 0 else { return 0 }
    addToBurst(time: time, direction: direction, bytes: newPayloadBytes, packet: packet())
    let ring = rhythm[direction].ring
    guard ring == 0 else { return ring }
    return rhythm[direction].isCandidate(newPayloadBytes, at: time) ? RhythmState.candidate : 0
  }

  /// Adds one packet to its second.
  @inline(__always)
  mutating func addToTimeBins(
    time: Int64, direction: FlowDirection, wireBytes: UInt32, newPayloadBytes: UInt32,
    payloadBytes: UInt32, binCount: inout Int
  ) {
    if time < currentTimes.from || time >= currentTimes.to { turnToBin(of: time, &binCount) }
    if direction == .fromOriginator {
      current.packets.originator &+= 1
      current.wireBytes.originator &+= wireBytes
      current.newPayloadBytes.originator &+= newPayloadBytes
      current.payloadBytes.originator &+= payloadBytes
    } else {
      current.packets.responder &+= 1
      current.wireBytes.responder &+= wireBytes
      current.newPayloadBytes.responder &+= newPayloadBytes
      current.payloadBytes.responder &+= payloadBytes
    }
  }

  /// Puts the current bin back among the others.
  mutating func returnCurrentBin() {
    guard currentIndex < timeBins.bins.count else { return }
    timeBins.bins[currentIndex].add(current)
    current = TimeBin()
  }

  @inline(never)
  private mutating func turnToBin(of time: Int64, _ binCount: inout Int) {
    returnCurrentBin()
    var index = (time.flooredSeconds &- timeBins.start) / timeBins.width
    // A packet older than the first bin is counted to it: bins only grow forward, so that a clock
    // that jumps back by centuries costs nothing.
    if index < 0 { index = 0 }
    while index >= Int64(Self.maximumTimeBins) {
      widenTimeBins(&binCount)
      index = max(0, (time.flooredSeconds &- timeBins.start) / timeBins.width)
    }
    let missing = Int(index) + 1 - timeBins.bins.count
    if missing > 0 {
      timeBins.bins.append(contentsOf: repeatElement(TimeBin(), count: missing))
      binCount &+= missing
    }
    currentIndex = Int(index)
    let from = (timeBins.start &+ index &* timeBins.width) &* 1_000_000_000
    currentTimes = (from, from &+ timeBins.width &* 1_000_000_000)
  }

  /// Bins that are left to a flow when its bins are joined for others' sake.
  static let leastTimeBins = 8

  /// Joins bins two by two, with the packet at `time` in its bin; whether that is so the first time.
  mutating func joinTimeBins(at time: Int64, _ binCount: inout Int) -> Bool {
    let isFirst = !isJoined
    isJoined = true
    returnCurrentBin()
    widenTimeBins(&binCount)
    turnToBin(of: time, &binCount)
    return isFirst
  }

  private mutating func widenTimeBins(_ binCount: inout Int) {
    binCount &-= timeBins.bins.count
    defer { binCount &+= timeBins.bins.count }
    let width = timeBins.width * 2
    let offset = timeBins.start.flooredRemainder(width) / timeBins.width
    var wider: [TimeBin] = []
    wider.reserveCapacity(timeBins.bins.count / 2 + 1)
    for (index, bin) in timeBins.bins.enumerated() {
      let target = (index + Int(offset)) / 2
      while wider.count <= target { wider.append(TimeBin()) }
      wider[target].add(bin)
    }
    timeBins.start -= timeBins.start.flooredRemainder(width)
    timeBins.width = width
    timeBins.bins = wider
  }

  /// Adds new payload to its direction's burst, closing the one before after a pause.
  @inline(__always)
  private mutating func addToBurst(
    time: Int64, direction: FlowDirection, bytes: UInt32, packet: @autoclosure () -> PacketReference
  ) {
    openBurst[direction.reversed].reverseBytes &+= UInt64(bytes)
    let last = openBurst[direction].lastTime
    if last == .min || time &- last >= Self.burstIdleTime {
      turnToBurst(time: time, direction: direction, bytes: bytes, packet: packet())
      return
    }
    if time > last { openBurst[direction].lastTime = time }
    openBurst[direction].bytes &+= UInt64(bytes)
  }

  @inline(never)
  private mutating func turnToBurst(
    time: Int64, direction: FlowDirection, bytes: UInt32, packet: PacketReference
  ) {
    closeBurst(direction)
    openBurst[direction] = OpenBurst(
      firstTime: time, lastTime: time, bytes: UInt64(bytes), reverseBytes: 0, file: packet.file,
      frame: packet.frame)
  }

  /// Counts payload carried before the detail existed to the direction's burst.
  mutating func carryIntoBurst(
    direction: FlowDirection, bytes: UInt64, firstTime: Int64, lastTime: Int64,
    packet: PacketReference
  ) {
    openBurst[direction] = OpenBurst(
      firstTime: firstTime, lastTime: lastTime, bytes: bytes, reverseBytes: 0, file: packet.file,
      frame: packet.frame)
  }

  mutating func closeBurst(_ direction: FlowDirection) {
    let open = openBurst[direction]
    openBurst[direction] = OpenBurst()
    guard open.lastTime != .min, open.bytes >= Self.minimumBurstBytes else { return }
    bursts.append(
      Burst(
        direction: direction, firstTime: open.firstTime, lastTime: open.lastTime,
        bytes: open.bytes, reverseBytes: open.reverseBytes,
        firstPacket: PacketReference(file: open.file, frame: open.frame, time: open.firstTime)))
    guard bursts.count > Self.maximumBursts else { return }
    var smallest = 0
    for index in bursts.indices where bursts[index].bytes < bursts[smallest].bytes {
      smallest = index
    }
    bursts.remove(at: smallest)
  }
}

extension TimeBin {
  /// Adds another bin's counts.
  mutating func add(_ other: TimeBin) {
    packets.originator &+= other.packets.originator
    packets.responder &+= other.packets.responder
    wireBytes.originator &+= other.wireBytes.originator
    wireBytes.responder &+= other.wireBytes.responder
    newPayloadBytes.originator &+= other.newPayloadBytes.originator
    payloadBytes.originator &+= other.payloadBytes.originator
    newPayloadBytes.responder &+= other.newPayloadBytes.responder
    payloadBytes.responder &+= other.payloadBytes.responder
  }
}

extension Int64 {
  /// Whole seconds of a time in nanoseconds, rounded toward the past.
  var flooredSeconds: Int64 {
    let seconds = self / 1_000_000_000
    return self % 1_000_000_000 < 0 ? seconds - 1 : seconds
  }

  /// The remainder of a division that rounds toward the past.
  func flooredRemainder(_ divisor: Int64) -> Int64 {
    let remainder = self % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}
