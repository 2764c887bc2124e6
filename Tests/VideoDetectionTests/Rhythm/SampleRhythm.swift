// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding

/// Records with a size, sent at a time, as windows would hold them.
struct SampleRhythm {
  /// Seconds and bytes of each record.
  var records: [(time: Double, bytes: Int)] = []
  /// Bytes a second of the line.
  var lineRate = 5_000_000.0
  private var state: UInt64 = 7

  /// A number in 0..<1 (SplitMix64), the same in every run.
  mutating func chance() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return Double(mixed >> 11) / 9_007_199_254_740_992
  }

  /// Coded video: pictures of varying size at a rate, a large one every `keyFrames` pictures; each
  /// is like the one before, as the scene is.
  static func video(
    rate: Double = 25, keyFrames: Int = 50, seconds: Double = 10, jitter: Double = 0.001
  ) -> SampleRhythm {
    var sample = SampleRhythm()
    var scene = 0.5
    for index in 0..<Int(rate * seconds) {
      let isKey = index % keyFrames == 0
      scene = 0.7 * scene + 0.3 * sample.chance()
      let bytes = (isKey ? 30_000 : 3_000) * (0.05 + 1.6 * scene + 0.3 * sample.chance())
      sample.records.append((Double(index) / rate + jitter * sample.chance(), Int(bytes)))
    }
    return sample
  }

  /// Records of nearly one size at a rate.
  static func periodic(
    rate: Double, bytes: Int, spread: Double = 0, seconds: Double = 10
  ) -> SampleRhythm {
    var sample = SampleRhythm()
    for index in 0..<Int(rate * seconds) {
      let size = Double(bytes) * (1 + spread * (sample.chance() - 0.5))
      sample.records.append((Double(index) / rate, Int(size)))
    }
    return sample
  }

  /// Records at random times.
  static func random(rate: Double, bytes: Int, seconds: Double = 10) -> SampleRhythm {
    var sample = SampleRhythm()
    for _ in 0..<Int(rate * seconds) {
      let time = sample.chance() * seconds
      sample.records.append((time, Int(Double(bytes) * (0.2 + 1.6 * sample.chance()))))
    }
    sample.records.sort { $0.time < $1.time }
    return sample
  }

  /// The records as windows of 10 s.
  func windows(flow: UInt32 = 0) -> [RhythmWindow] {
    var parts: [[(time: Double, bytes: Int)]] = []
    for record in records {
      let index = Int(record.time / 10)
      while parts.count <= index { parts.append([]) }
      parts[index].append((record.time - 10 * Double(index), record.bytes))
    }
    return parts.enumerated().map { window($1, number: $0, isLast: $0 == parts.count - 1, flow) }
  }

  private func window(
    _ records: [(time: Double, bytes: Int)], number: Int, isLast: Bool, _ flow: UInt32
  ) -> RhythmWindow {
    var groups: [PacketGroup] = []
    var bins = [UInt16](repeating: 0, count: RhythmWindow.binCount)
    var seconds = [UInt32](repeating: 0, count: 10)
    for record in records {
      let start = UInt32(record.time * 1e6)
      let duration = UInt32(Double(record.bytes) / lineRate * 1e6)
      seconds[min(9, Int(record.time))] += UInt32(record.bytes)
      let bin = min(Int(start / RhythmWindow.binWidth), bins.count - 1)
      if record.bytes >= 300 { bins[bin] = UInt16(clamping: Int(bins[bin]) + record.bytes / 16) }
      if let last = groups.last, start < last.start + last.duration + RhythmWindow.groupGap {
        groups[groups.count - 1].bytes += UInt32(record.bytes)
        groups[groups.count - 1].duration = start + duration - last.start
      } else {
        groups.append(
          PacketGroup(start: start, duration: duration, bytes: UInt32(record.bytes)))
      }
    }
    let origin: Int64 = 1_767_225_600_000_000_000 + Int64(number) * RhythmWindow.length
    let end = groups.last.map { $0.start + $0.duration } ?? 0
    return RhythmWindow(
      flow: flow, direction: .fromOriginator, start: origin,
      lastTime: origin + Int64(end) * 1_000,
      bytes: records.reduce(0) { $0 + UInt64($1.bytes) }, bytesPerSecond: seconds,
      groups: groups, bins: bins,
      packets: [PacketReference(file: 0, frame: UInt64(number) * 100 + 1, time: origin)])
  }
}
