// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// The key frames of a stream: how many, the first and last, and their distance, in bounded memory.
struct KeyFrameLog: Sendable {
  /// Intervals kept for the median.
  ///
  /// When they are full every second one is dropped and only every
  /// second, then fourth ... new one is kept, so that they stay spread over the whole stream.
  static let maximumIntervals = 128

  private(set) var count: UInt64 = 0
  private(set) var first: PacketReference?
  private(set) var second: PacketReference?
  private(set) var last: PacketReference?
  private var hasLastTime = false
  private var lastTime: UInt32 = 0
  /// Key frames spread over the whole stream, each with its distance from the one before.
  ///
  /// Negative where there is none. One array, because streams are many.
  private var samples: [(time: Int64, interval: Int64)] = []
  private var stride: UInt64 = 1

  /// Longest distance by the media's own clock; more is a new start: 10 min, longer than any key
  /// frame distance that cameras offer.
  private static let maximumTicks: Int32 = 600 * 90_000

  /// Adds the key frame that begins in `packet`, shown at `time` of a 90 kHz clock.
  ///
  /// Distances are those of the media where both times are known: stored footage may be sent at
  /// any speed.
  mutating func add(_ packet: PacketReference, at time: UInt32? = nil) {
    // Records out of order give no distance.
    var interval = last.map { packet.time &- $0.time } ?? -1
    if let time, hasLastTime {
      let ticks = Int32(bitPattern: time &- lastTime)
      // Nanoseconds: 10^9 / 90 000.
      interval = ticks > 0 && ticks < Self.maximumTicks ? Int64(ticks) &* 100_000 / 9 : -1
    }
    hasLastTime = time != nil
    lastTime = time ?? 0
    if count % stride == 0 {
      if samples.count == Self.maximumIntervals { halve() }
      samples.append((packet.time, interval))
    }
    if count == 0 { first = packet }
    if count == 1 { second = packet }
    last = packet
    count &+= 1
  }

  /// Drops samples until so many are left, spread over the whole stream as they were.
  mutating func thin(to maximum: Int) {
    while samples.count > max(1, maximum) { halve() }
  }

  private mutating func halve() {
    samples = (0..<(samples.count / 2)).map { samples[$0 &* 2] }
    stride &*= 2
  }

  /// Median distance of key frames in seconds, nil with fewer than two.
  var medianIntervalSeconds: Double? {
    let sorted = samples.compactMap { $0.interval >= 0 ? $0.interval : nil }.sorted()
    guard !sorted.isEmpty else { return nil }
    let upper = Double(sorted[sorted.count / 2])
    let lower = Double(sorted[(sorted.count &- 1) / 2])
    return (lower + upper) / 2 / 1_000_000_000
  }

  /// Times of key frames, spread over the whole stream, nanoseconds since 1970.
  var times: [Int64] { samples.map(\.time) }

  /// Packets in which key frames begin: the first, second and last.
  var packets: [PacketReference] {
    var result: [PacketReference] = []
    if let first { result.append(first) }
    if let second { result.append(second) }
    if let last, count > 2 { result.append(last) }
    return result
  }
}

extension KeyFrameLog: StorableState {
  mutating func exchange(with port: inout StatePort) {
    port.pass(&count)
    port.pass(&first)
    port.pass(&second)
    port.pass(&last)
    port.pass(&hasLastTime)
    port.pass(&lastTime)
    port.pass(&stride)
    var time = first?.time ?? 0
    port.pass(&samples, from: (time: 0, interval: 0)) { sample, port in
      // The distance from the sample before is most often about the interval.
      var step = sample.time &- time
      port.pass(&step)
      sample.time = time &+ step
      time = sample.time
      var difference = sample.interval &- step
      port.pass(&difference)
      sample.interval = step &+ difference
    }
  }
}
