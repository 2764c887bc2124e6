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
  private var intervals: [Int64] = []
  private var stride: UInt64 = 1

  /// Adds the key frame that begins in `packet`.
  mutating func add(_ packet: PacketReference) {
    if let last {
      let interval = packet.time &- last.time
      // Records out of order give no distance.
      if count % stride == 0, interval >= 0 {
        if intervals.count == Self.maximumIntervals {
          intervals = (0..<(Self.maximumIntervals / 2)).map { intervals[$0 &* 2] }
          stride &*= 2
        }
        intervals.append(interval)
      }
      if count == 1 { second = packet }
    } else {
      first = packet
    }
    last = packet
    count &+= 1
  }

  /// Median distance of key frames in seconds, nil with fewer than two.
  var medianIntervalSeconds: Double? {
    guard !intervals.isEmpty else { return nil }
    let sorted = intervals.sorted()
    let upper = Double(sorted[sorted.count / 2])
    let lower = Double(sorted[(sorted.count &- 1) / 2])
    return (lower + upper) / 2 / 1_000_000_000
  }

  /// Packets in which key frames begin: the first, second and last.
  var packets: [PacketReference] {
    var result: [PacketReference] = []
    if let first { result.append(first) }
    if let second { result.append(second) }
    if let last, count > 2 { result.append(last) }
    return result
  }
}
