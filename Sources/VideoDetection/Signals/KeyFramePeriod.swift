// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Large pictures that come back after the same number of pictures (classifier.md §3.3, `gop`).
struct KeyFramePeriod {
  /// Seconds from key frame to key frame.
  var seconds: Double
  /// Height of the correlation over its surroundings.
  var prominence: Double

  /// Looks for a period in the bytes of each slot of the clock.
  ///
  /// - Parameters:
  ///   - groups: The groups of a window.
  ///   - clock: The frame clock; without one, slots of a fixed length are used.
  /// - Returns: `nil` where no period stands out.
  /// - Complexity: O(slots × lags), 160,000 steps at 62 Hz.
  static func find(_ groups: PacketGroups, clock: FrameClock?) -> KeyFramePeriod? {
    guard VaryingSizes.holds(groups) else { return nil }
    let frequency = clock?.frequency ?? 1 / RhythmThresholds.blindSlot.value
    let slots = clock.map(groups.slots(of:)) ?? groups.slots(frequency, from: 0)
    let sizes = SizeStatistics(slots)
    let large = sizes.sorted.count { $0 > RhythmThresholds.largeSlotFactor.value * sizes.mean }
    guard Double(large) <= RhythmThresholds.largeSlots.value * Double(slots.count) else {
      return nil
    }
    let limit = sizes.quantile(RhythmThresholds.slotClip.value)
    let clipped = slots.map { min($0, limit) }
    let first = Int((RhythmThresholds.leastKeyFramePeriod.value * frequency).rounded(.up))
    let last = min(
      Int(RhythmThresholds.greatestKeyFramePeriod.value * frequency), clipped.count - 8)
    guard first >= 2, last > first + 2 else { return nil }
    let correlation = Self.correlation(clipped, upTo: last)
    let peak = best(correlation, first, last, slotCount: clipped.count)
    let period = peak.map {
      KeyFramePeriod(seconds: Double($0.lag) / frequency, prominence: $0.prominence)
    }
    // There must be pictures between the key frames, and without a clock a repetition.
    guard let period,
      groups.perSecond * period.seconds >= RhythmThresholds.keyFrameDensity.value,
      clock != nil || period.seconds <= RhythmThresholds.clocklessPeriod.value
    else { return nil }
    return period
  }

  /// Autocorrelation at lags 0...last, each over the pairs there are.
  private static func correlation(_ values: [Double], upTo last: Int) -> [Double] {
    let count = values.count
    let mean = values.reduce(0, +) / Double(max(count, 1))
    let centred = values.map { Float($0 - mean) }
    let variance = centred.reduce(0) { $0 + $1 * $1 } / Float(max(count, 1))
    guard variance > 0 else { return [Double](repeating: 0, count: last + 1) }
    let span = centred.span
    return (0...last).map { lag in
      var sum: Float = 0
      for index in 0..<(count - lag) { sum += span[index] * span[index &+ lag] }
      return Double(sum / Float(count - lag) / variance)
    }
  }

  private static func best(
    _ correlation: [Double], _ first: Int, _ last: Int, slotCount: Int
  ) -> (lag: Int, prominence: Double)? {
    var peaks: [(lag: Int, prominence: Double)] = []
    for lag in first..<last where isPeak(correlation, lag, first, slotCount) {
      let prominence = correlation[lag] - surroundings(correlation, lag)
      if prominence >= RhythmThresholds.keyFrameProminence.value {
        peaks.append((lag, prominence))
      }
    }
    guard let highest = peaks.map(\.prominence).max() else { return nil }
    let share = RhythmThresholds.clockPeakShare.value
    return peaks.first { $0.prominence >= share * highest }
  }

  private static func isPeak(
    _ correlation: [Double], _ lag: Int, _ first: Int, _ slotCount: Int
  ) -> Bool {
    let value = correlation[lag]
    // The pairs at this distance are what there is to tell it from chance.
    let error = 1 / Double(max(slotCount - lag, 1)).squareRoot()
    guard value > RhythmThresholds.keyFrameSignificance.value * error,
      value >= correlation[lag - 1], value >= correlation[lag + 1]
    else { return false }
    guard 2 * lag + 1 < correlation.count else { return true }
    let again = max(correlation[2 * lag - 1], correlation[2 * lag], correlation[2 * lag + 1])
    return again >= RhythmThresholds.keyFrameRepeat.value * value
  }

  /// Mean correlation at the lags around one, without the nearest.
  private static func surroundings(_ correlation: [Double], _ lag: Int) -> Double {
    let reach = max(4, lag / 2)
    var sum = 0.0
    var count = 0
    for other in max(1, lag - reach)...min(correlation.count - 1, lag + reach)
    where (other - lag).magnitude > 2 {
      sum += correlation[other]
      count += 1
    }
    return count > 0 ? sum / Double(count) : 0
  }
}
