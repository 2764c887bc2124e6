// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Key frames further apart than a window shows, as smart codecs send them (classifier.md §3.4,
/// last point): the largest picture of each second over the last four minutes.
struct LongKeyFramePeriod {
  /// Seconds from key frame to key frame.
  var seconds: Double
  /// Key frames seen.
  var frames: Int

  /// The largest picture of a second.
  struct Picture: BitwiseCopyable {
    /// Microseconds since the direction's first window.
    var time: Int64
    var bytes: UInt32
  }

  /// The largest pictures of the seconds kept.
  struct Ring {
    private var pictures: [Picture] = []
    private var next = 0

    mutating func add(_ window: RhythmWindow, origin: Int64) {
      let offset = (window.start &- origin) / 1_000
      var largest: [Picture?] = Array(repeating: nil, count: 10)
      for group in window.groups {
        let second = min(9, Int(group.start / 1_000_000))
        if group.bytes > largest[second]?.bytes ?? 0 {
          largest[second] = Picture(time: offset &+ Int64(group.start), bytes: group.bytes)
        }
      }
      for case let picture? in largest { add(picture) }
    }

    private mutating func add(_ picture: Picture) {
      let bound = Int(RhythmThresholds.pictureSeconds.value)
      if pictures.count < bound {
        pictures.append(picture)
      } else {
        pictures[next] = picture
        next = (next + 1) % bound
      }
    }

    /// In order of time.
    var ordered: [Picture] { Array(pictures[next...]) + pictures[..<next] }
  }

  /// Looks for pictures much larger than the others at equal distances.
  static func find(_ ring: Ring) -> LongKeyFramePeriod? {
    let pictures = ring.ordered
    let median = SizeStatistics(pictures.map { Double($0.bytes) }).median
    let limit = median * RhythmThresholds.longPeriodFactor.value
    let frames = pictures.filter { Double($0.bytes) >= limit }
    guard frames.count >= Int(RhythmThresholds.longPeriodFrames.value) else { return nil }
    let distances = zip(frames.dropFirst(), frames).map { Double($0.time &- $1.time) / 1e6 }
    let period = SizeStatistics(distances).median
    guard period >= RhythmThresholds.leastLongPeriod.value else { return nil }
    let tolerance = RhythmThresholds.longPeriodTolerance.value
    for distance in distances {
      // One missed key frame leaves twice the distance.
      let periods = max(1, (distance / period).rounded())
      guard periods <= 2, (distance / periods / period - 1).magnitude <= tolerance else {
        return nil
      }
    }
    return LongKeyFramePeriod(seconds: period, frames: frames.count)
  }
}
