// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Bursts at equal distances and of similar, not equal, sizes: video cut into segments
/// (classifier.md §3.4, `segments`).
struct Segments {
  /// Bursts kept (classifier.md §3.1: rings of 32).
  private static let maximumSegments = 32

  private struct Segment: BitwiseCopyable {
    var start: Int64
    var bytes: UInt64
  }

  private var segments: [Segment] = []
  private var current = Segment(start: 0, bytes: 0)
  private var currentEnd = Int64.min

  /// Continues the bursts with the groups of the next window.
  mutating func add(_ window: RhythmWindow) {
    let pause = Int64(RhythmThresholds.segmentPause.value * 1e9)
    for group in window.groups {
      let start = window.start &+ Int64(group.start) &* 1_000
      if currentEnd == .min || start &- currentEnd >= pause {
        close()
        current = Segment(start: start, bytes: 0)
      }
      current.bytes &+= UInt64(group.bytes)
      currentEnd = start &+ Int64(group.duration) &* 1_000
    }
  }

  private mutating func close() {
    guard Double(current.bytes) >= RhythmThresholds.segmentBytes.value else { return }
    if segments.count == Self.maximumSegments { segments.removeFirst() }
    segments.append(current)
  }

  /// Distance, count and variation of sizes where the bursts are segments.
  func found() -> (period: Double, count: Int, variation: Double)? {
    var copy = self
    copy.close()
    let all = copy.segments
    guard all.count >= Int(RhythmThresholds.segments.value) else { return nil }
    let distances = SizeStatistics(
      zip(all.dropFirst(), all).map { Double($0.start &- $1.start) / 1e9 })
    let period = distances.median
    let deviations = SizeStatistics(distances.sorted.map { ($0 - period).magnitude })
    let sizes = SizeStatistics(all.map { Double($0.bytes) })
    guard period >= RhythmThresholds.leastSegmentPeriod.value,
      period <= RhythmThresholds.greatestSegmentPeriod.value,
      deviations.median <= RhythmThresholds.segmentPeriodVariation.value * period,
      sizes.variation >= RhythmThresholds.leastSegmentVariation.value,
      sizes.variation <= RhythmThresholds.greatestSegmentVariation.value
    else { return nil }
    return (period, all.count, sizes.variation)
  }
}
