// SPDX-License-Identifier: Apache-2.0

/// How far a sequence of packets with one SSRC has been shown to be an RTP stream
/// (reference: classifier.md §3.2).
public enum RTPLevel: Int, Sendable, Comparable, BitwiseCopyable {
  /// Packets that could be RTP, and no more.
  case unproven = 0
  /// "RTP-shaped": at least 8 packets of one SSRC and payload type in sequence.
  case shaped = 1
  /// "RTP-consistent": at least 32 such packets.
  case consistent = 2
  /// "RTP": consistent, and the timestamps run with a usual media clock.
  case proven = 3

  /// Orders by strength of the proof.
  public static func < (lhs: RTPLevel, rhs: RTPLevel) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Thresholds of the RTP rules, classifier.md §3.2 unless said otherwise.
package enum RTPThresholds {
  /// Packets for level 1.
  package static let shapedPackets: UInt64 = 8
  /// Packets for level 2.
  package static let consistentPackets: UInt64 = 32
  /// Largest step of the sequence number that counts as "in sequence".
  package static let sequenceStep = 50
  /// Least share of steps in sequence, percent.
  package static let sequenceStepsPercent: UInt64 = 90
  /// Largest share of jumps and payload type changes, percent.
  package static let jumpsPercent: UInt64 = 2
  /// Least time over which the clock is measured, nanoseconds.
  package static let clockSpan: Int64 = 500_000_000
  /// After so long without a match the measurement starts afresh, nanoseconds: senders often
  /// begin with a burst of old frames (derived here).
  package static let clockRetrySpan: Int64 = 2_000_000_000
  /// Largest difference from a usual clock, percent.
  package static let clockTolerancePercent = 5.0
  /// The usual media clocks in hertz.
  package static let clockRates = [
    8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 90_000,
  ]
  /// Least share of timestamp steps a real clock could make, percent; random timestamps pass the
  /// single test with probability 10^-4 (derived here).
  package static let plausibleTimestampPercent: UInt64 = 90
  /// RFC 3550 A.1, MAX_DROPOUT: a larger step forward is a jump, not loss.
  package static let maximumDropout = 3_000
  /// Late packets are told from duplicates among so many sequence numbers; RFC 3550 A.1 gives
  /// MAX_MISORDER 100.
  package static let maximumMisorder = 127
  /// Distinct timestamps a second of video, classifier.md §3.2 rule 5.
  package static let videoFramesPerSecond = 0.9...121.0
  /// Marker bits per distinct timestamp of video, classifier.md §3.2 rule 5.
  package static let markersPerTimestamp = 0.8...1.2
}

/// Judges the packets of one SSRC in one direction: whether they are RTP, and how they fared.
///
/// Feed every packet that `RTPHeader` accepts, in capture order. Constant time and memory.
///
/// ```swift
/// guard let header = RTPHeader(parsing: bytes, originalLength: bytes.count) else { return }
/// var stream = RTPStreamValidator(synchronizationSource: header.synchronizationSource)
/// stream.add(header, time: nanoseconds)
/// if stream.level == .proven { print(stream.clockRate, stream.lost) }
/// ```
public struct RTPStreamValidator: Sendable {
  /// Where a packet stands in the sequence.
  public enum Placement: UInt8, Sendable, BitwiseCopyable {
    /// Directly after the highest sequence number so far, or the first packet.
    case next
    /// After a hole of one or more sequence numbers.
    case afterGap
    /// Behind the highest number, not seen before.
    case late
    /// Seen before.
    case duplicate
    /// Too far from the highest number to belong to the same sequence.
    case jump
  }

  /// The SSRC that all packets share.
  public let synchronizationSource: UInt32
  /// What has been shown so far; never falls.
  public private(set) var level: RTPLevel = .unproven
  /// Packets received, duplicates included.
  public var packets: UInt64 { uniquePackets &+ duplicates }
  /// Packets received, each sequence number once.
  public private(set) var uniquePackets: UInt64 = 0
  /// Packets whose sequence number was seen before.
  public private(set) var duplicates: UInt64 = 0
  /// Packets that came behind one with a higher sequence number.
  public private(set) var reordered: UInt64 = 0
  /// Payload bytes on the wire of unique packets, RTP header and padding excluded.
  public private(set) var payloadBytes: UInt64 = 0
  /// Unique packets with the marker bit.
  public private(set) var markers: UInt64 = 0
  /// Times the timestamp changed from one packet in sequence to the next, plus one.
  public private(set) var distinctTimestamps: UInt64 = 0
  /// Time of the first packet, nanoseconds since 1970.
  public private(set) var firstTime: Int64 = 0
  /// Time of the last packet.
  public private(set) var lastTime: Int64 = 0
  /// The usual clock that the first half second showed.
  private var provenClockRate: Int?
  /// Timestamp of the last packet in sequence.
  public private(set) var lastTimestamp: UInt32 = 0
  /// Highest sequence number.
  public private(set) var highestSequenceNumber: UInt16 = 0
  /// The first sequence number.
  public private(set) var firstSequenceNumber: UInt16 = 0

  // Sequence: bit i of the window is set when `highest - i` was received.
  private var windowLow: UInt64 = 0
  private var windowHigh: UInt64 = 0
  private var extendedHighest: Int64 = 0
  private var extendedBase: Int64 = 0
  private var priorExpected: Int64 = 0
  private var outliers: Int64 = 0
  private var afterJump: UInt16?
  private var stepsInSequence: UInt64 = 0
  private var jumps: UInt64 = 0

  // Payload types, most recently used first, with the packets of each.
  private var payloadTypeChanges: UInt64 = 0
  private var types: InlineArray<4, UInt8> = .init(repeating: 0xFF)
  private var typePackets: InlineArray<4, UInt32> = .init(repeating: 0)
  private var currentType: Int = 0

  // Clock.
  private var extendedTimestamp: Int64 = 0
  private var anchorTime: Int64 = 0
  private var anchorTimestamp: Int64 = 0
  private var originTimestamp: Int64 = 0
  private var lastArrival: Int64 = 0
  private var lastChange: Int64 = 0
  /// Steps that a real clock could not make.
  private var implausibleSteps: UInt64 = 0
  private var jitterClock: Int
  private var jitterUnits: Double = 0

  /// Starts a stream.
  ///
  /// - Parameters:
  ///   - synchronizationSource: The SSRC of all packets to come.
  ///   - assumedClockRate: Clock in hertz for the jitter until one is measured; 0 for none.
  public init(synchronizationSource: UInt32, assumedClockRate: Int = 0) {
    self.synchronizationSource = synchronizationSource
    jitterClock = assumedClockRate
  }

  /// Adds a packet of this SSRC captured at `time` (nanoseconds since 1970).
  ///
  /// - Complexity: O(1), no allocation.
  @discardableResult
  @inline(__always)
  public mutating func add(_ header: RTPHeader, time: Int64) -> Placement {
    // Almost every packet follows the one before in a stream that has nothing to prove any more.
    guard level == .proven, header.sequenceNumber == highestSequenceNumber &+ 1,
      types[currentType] == header.payloadType
    else {
      return addOther(
        header.sequenceNumber, header.payloadType, header.timestamp, header.hasMarker,
        header.originalPayloadByteCount, time: time)
    }
    follow(header.sequenceNumber)
    typePackets[currentType] &+= 1
    count(header.hasMarker, header.originalPayloadByteCount, time: time)
    addTimestamp(header.timestamp, time: time)
    return .next
  }

  /// With the fields of the header in its place: it need not lie in memory then.
  @inline(never)
  private mutating func addOther(
    _ number: UInt16, _ payloadType: UInt8, _ timestamp: UInt32, _ hasMarker: Bool,
    _ byteCount: Int, time: Int64
  ) -> Placement {
    if uniquePackets == 0 {
      start(number, payloadType, timestamp, time: time)
      count(hasMarker, byteCount, time: time)
      return .next
    }
    let delta = Int(Int16(bitPattern: number &- highestSequenceNumber))
    var placement = Placement.next
    if delta == 1 {
      follow(number)
    } else {
      placement = place(number, delta: delta)
      if placement == .duplicate {
        lastTime = max(lastTime, time)
        return placement
      }
    }
    if types[currentType] == payloadType {
      typePackets[currentType] &+= 1
    } else {
      countPayloadType(payloadType)
    }
    count(hasMarker, byteCount, time: time)
    if placement != .late { addTimestamp(timestamp, time: time) }
    if level < .proven { judge(time: time) }
    return placement
  }

  /// Moves on to the next sequence number.
  @inline(__always)
  private mutating func follow(_ number: UInt16) {
    windowHigh = windowHigh &<< 1 | windowLow &>> 63
    windowLow = windowLow &<< 1 | 1
    extendedHighest &+= 1
    stepsInSequence &+= 1
    highestSequenceNumber = number
  }

  /// Counts a packet that was not seen before.
  @inline(__always)
  private mutating func count(_ hasMarker: Bool, _ byteCount: Int, time: Int64) {
    lastTime = max(lastTime, time)
    uniquePackets &+= 1
    payloadBytes &+= UInt64(truncatingIfNeeded: byteCount)
    markers &+= hasMarker ? 1 : 0
  }

  @inline(never)
  private mutating func start(
    _ number: UInt16, _ payloadType: UInt8, _ timestamp: UInt32, time: Int64
  ) {
    firstTime = time
    lastTime = time
    firstSequenceNumber = number
    highestSequenceNumber = number
    windowLow = 1
    types[0] = payloadType
    typePackets[0] = 1
    distinctTimestamps = 1
    lastTimestamp = timestamp
    anchorTime = time
    lastArrival = time
    lastChange = time
  }

  @inline(never)
  private mutating func place(_ number: UInt16, delta: Int) -> Placement {
    if delta > 0, delta <= RTPThresholds.maximumDropout {
      shiftWindow(by: delta)
      extendedHighest &+= Int64(delta)
      highestSequenceNumber = number
      if delta <= RTPThresholds.sequenceStep { stepsInSequence &+= 1 } else { jumps &+= 1 }
      return .afterGap
    }
    if delta <= 0, delta >= -RTPThresholds.maximumMisorder {
      let back = -delta
      let isLow = back < 64
      let bit = 1 as UInt64 &<< UInt64(back & 63)
      if (isLow ? windowLow : windowHigh) & bit != 0 {
        duplicates &+= 1
        return .duplicate
      }
      if isLow { windowLow |= bit } else { windowHigh |= bit }
      // Numbers below the first one of the capture widen the range instead of being lost ones.
      if extendedHighest &- Int64(back) < extendedBase {
        extendedBase = extendedHighest &- Int64(back)
      }
      reordered &+= 1
      return .late
    }
    jumps &+= 1
    if number == afterJump {
      // RFC 3550 A.1: two sequential packets after a jump are a restarted sender.
      priorExpected &+= extendedHighest &- extendedBase &+ 1
      outliers &-= 1
      extendedBase = extendedHighest &+ 1
      extendedHighest = extendedBase &+ 1
      highestSequenceNumber = number
      windowLow = 3
      windowHigh = 0
      afterJump = nil
      return .next
    }
    outliers &+= 1
    afterJump = number &+ 1
    return .jump
  }

  private mutating func shiftWindow(by delta: Int) {
    if delta >= 128 {
      windowLow = 0
      windowHigh = 0
    } else if delta >= 64 {
      windowHigh = windowLow << UInt64(delta &- 64)
      windowLow = 0
    } else {
      windowHigh = windowHigh << UInt64(delta) | windowLow >> UInt64(64 &- delta)
      windowLow = windowLow << UInt64(delta)
    }
    windowLow |= 1
  }

  @inline(never)
  private mutating func countPayloadType(_ type: UInt8) {
    payloadTypeChanges &+= 1
    var weakest = 0
    for index in 0..<4 {
      if types[index] == type || types[index] == 0xFF {
        types[index] = type
        typePackets[index] &+= 1
        currentType = index
        return
      }
      if typePackets[index] < typePackets[weakest] { weakest = index }
    }
    types[weakest] = type
    typePackets[weakest] = 1
    currentType = weakest
  }

  @inline(__always)
  private mutating func addTimestamp(_ timestamp: UInt32, time: Int64) {
    let step = Int64(Int32(bitPattern: timestamp &- lastTimestamp))
    let elapsed = time &- lastArrival
    lastArrival = time
    if jitterClock > 0 {
      // RFC 3550 §6.4.1, A.8.
      let transit = Double(elapsed) * Double(jitterClock) * 1e-9 - Double(step)
      // A restarted timestamp base is no jitter.
      if transit.magnitude < Double(jitterClock) * 10 {
        jitterUnits += (transit.magnitude - jitterUnits) / 16
      }
    }
    guard step != 0 else { return }
    lastTimestamp = timestamp
    lastChange = time
    extendedTimestamp &+= step
    distinctTimestamps &+= 1
    // One second of the fastest clock on top of the time that passed: 11,111 ns a tick.
    if step.magnitude > 90_000,
      step.magnitude > 90_000 &+ UInt64(bitPattern: max(elapsed, 0)) / 11_111
    {
      implausibleSteps &+= 1
    }
  }

  private var timestampSteps: UInt64 { distinctTimestamps &- 1 }
  private var plausibleSteps: UInt64 { timestampSteps &- implausibleSteps }

  @inline(never)
  private mutating func judge(time: Int64) {
    guard uniquePackets >= RTPThresholds.shapedPackets, isInSequence else { return }
    if level < .shaped { level = .shaped }
    guard uniquePackets >= RTPThresholds.consistentPackets else { return }
    if level < .consistent { level = .consistent }
    let elapsed = time &- anchorTime
    guard elapsed >= RTPThresholds.clockSpan, lastChange == time,
      plausibleSteps &* 100 >= timestampSteps &* RTPThresholds.plausibleTimestampPercent
    else { return }
    if let rate = Self.nearestClock(
      Double(extendedTimestamp &- anchorTimestamp) / Double(elapsed) * 1e9)
    {
      level = .proven
      provenClockRate = rate
      jitterClock = rate
    } else if elapsed >= RTPThresholds.clockRetrySpan {
      anchorTime = time
      anchorTimestamp = extendedTimestamp
    }
  }

  /// Rule 2: at least 90 % of the steps in 1...50, jumps and payload type changes at most 2 %.
  private var isInSequence: Bool {
    stepsInSequence &* 100 >= (stepsInSequence &+ jumps) &* RTPThresholds.sequenceStepsPercent
      && (jumps &+ payloadTypeChanges) &* 100 <= uniquePackets &* RTPThresholds.jumpsPercent
  }

  /// The usual clock within 5 % of `hertz`, or `nil`.
  static func nearestClock(_ hertz: Double) -> Int? {
    var best: Int?
    var distance = RTPThresholds.clockTolerancePercent / 100
    for rate in RTPThresholds.clockRates {
      let difference = (hertz / Double(rate) - 1).magnitude
      if difference <= distance {
        distance = difference
        best = rate
      }
    }
    return best
  }
}

extension RTPStreamValidator {
  /// The usual clock that the timestamps run with, in hertz; `nil` below ``RTPLevel/proven``.
  ///
  /// Neighbouring clocks (44.1 and 48 kHz) lie within the tolerance of each other, so the whole
  /// stream decides once it is longer than the first measurement.
  public var clockRate: Int? {
    guard let provenClockRate else { return nil }
    return measuredClockRate.flatMap { Self.nearestClock($0) } ?? provenClockRate
  }

  /// Whether too few packets or too short a time for ``RTPLevel/proven`` still show a usual clock.
  public var hasProvisionalClock: Bool {
    level >= .shaped && hasPlausibleTimestamps
      && measuredClockRate.flatMap { Self.nearestClock($0) } != nil
  }

  /// Packets missing by the extended sequence number, never negative.
  public var lost: UInt64 {
    let expected = priorExpected &+ extendedHighest &- extendedBase &+ 1 &+ outliers
    return UInt64(max(0, expected &- Int64(truncatingIfNeeded: uniquePackets)))
  }

  /// Interarrival jitter in seconds (RFC 3550 §6.4.1); `nil` while no clock is known.
  public var jitterSeconds: Double? {
    jitterClock > 0 ? jitterUnits / Double(jitterClock) : nil
  }

  /// Timestamp ticks a second of capture time, from the first packet to the last change of the
  /// timestamp; `nil` below four timestamps or 10 ms.
  public var measuredClockRate: Double? {
    let elapsed = lastChange &- firstTime
    guard elapsed >= 10_000_000, distinctTimestamps >= 4 else { return nil }
    return Double(extendedTimestamp) / Double(elapsed) * 1e9
  }

  /// Distinct timestamps a second of capture time; `nil` below two of them.
  public var timestampsPerSecond: Double? {
    let elapsed = lastChange &- firstTime
    guard elapsed > 0, distinctTimestamps >= 2 else { return nil }
    return Double(distinctTimestamps &- 1) / Double(elapsed) * 1e9
  }

  /// Marker bits per distinct timestamp; about 1 for video.
  public var markersPerTimestamp: Double {
    distinctTimestamps == 0 ? 0 : Double(markers) / Double(distinctTimestamps)
  }

  /// Whether most timestamp steps are such as a media clock makes.
  public var hasPlausibleTimestamps: Bool {
    distinctTimestamps > 1
      && plausibleSteps &* 100 >= timestampSteps &* RTPThresholds.plausibleTimestampPercent
  }

  /// Whether enough packets followed each other to allot a media stream.
  var isRunning: Bool {
    uniquePackets >= RTPDemultiplexer.packetsToBelieve && stepsInSequence >= 2
      && stepsInSequence > jumps
  }

  /// Highest sequence number with its cycles, as receiver reports count it (RFC 3550 §6.4.1).
  public var extendedSequenceNumber: UInt64 {
    UInt64(max(0, extendedHighest)) &+ UInt64(firstSequenceNumber)
  }

  /// Payload type of most packets.
  public var payloadType: UInt8 {
    var best = 0
    for index in 1..<4 where types[index] != 0xFF && typePackets[index] > typePackets[best] {
      best = index
    }
    return types[best]
  }

  /// All payload types seen (at most four are kept), in order of their first packets.
  public var payloadTypes: [UInt8] {
    var all: [UInt8] = []
    for index in 0..<4 where types[index] != 0xFF { all.append(types[index]) }
    return all
  }

  /// Rule 5 of classifier.md §3.2: 90 kHz, 1...120 timestamps a second, about one marker each,
  /// and no static audio payload type.
  public var isVideoPaced: Bool {
    guard level == .proven, clockRate == 90_000, let rate = timestampsPerSecond else {
      return false
    }
    return RTPThresholds.videoFramesPerSecond.contains(rate)
      && RTPThresholds.markersPerTimestamp.contains(markersPerTimestamp)
      && !RTPStaticPayloadTypes.isAudio(payloadType)
  }

  /// Rule 5 of classifier.md §3.2: a clock of 8, 16 or 48 kHz and one packet per timestamp.
  public var isAudioPaced: Bool {
    guard level == .proven, let clockRate, [8_000, 16_000, 48_000].contains(clockRate) else {
      return false
    }
    return Double(distinctTimestamps) >= 0.9 * Double(uniquePackets)
  }
}

/// The static payload types of
/// [RFC 3551 §6](https://www.rfc-editor.org/rfc/rfc3551#section-6).
public enum RTPStaticPayloadTypes {
  /// Whether the number is assigned to audio.
  public static func isAudio(_ type: UInt8) -> Bool { type <= 18 && type != 1 && type != 2 }

  /// Clock in hertz of a static payload type; 0 for others.
  public static func clockRate(_ type: UInt8) -> Int {
    switch type {
    case 0, 3...5, 7...9, 12, 13, 15, 18: 8_000
    case 6: 16_000
    case 10, 11: 44_100
    case 16: 11_025
    case 17: 22_050
    case 14, 25, 26, 28, 31...34: 90_000
    default: 0
    }
  }

  /// Encoding name of a static payload type, as in the IANA registry.
  public static func name(_ type: UInt8) -> String? {
    switch type {
    case 0: "PCMU"
    case 3: "GSM"
    case 4: "G723"
    case 5, 6, 16, 17: "DVI4"
    case 7: "LPC"
    case 8: "PCMA"
    case 9: "G722"
    case 10, 11: "L16"
    case 12: "QCELP"
    case 13: "CN"
    case 14: "MPA"
    case 15: "G728"
    case 18: "G729"
    case 25: "CelB"
    case 26: "JPEG"
    case 28: "nv"
    case 31: "H261"
    case 32: "MPV"
    case 33: "MP2T"
    case 34: "H263"
    default: nil
    }
  }
}
