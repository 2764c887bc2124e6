// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// The clock in the bytes of 5 ms bins, for starts that jitter has blurred (classifier.md §3.3,
/// `clock` fallback).
enum SpectralClock {
  /// 10.24 s at 5 ms.
  static let transform = FourierTransform(count: 2_048)
  private static let lineWidth = 1e6 / (2_048 * Double(RhythmWindow.binWidth))

  static func find(_ window: RhythmWindow, _ groups: PacketGroups) -> FrameClock? {
    guard
      groups.perSecond
        >= RhythmThresholds.leastClock.value * RhythmThresholds.spectralDensity.value
    else { return nil }
    let filled = window.bins.filter { $0 > 0 }.sorted()
    guard filled.count >= Int(RhythmThresholds.clockSignificance.value) else { return nil }
    // Clipped at the usual bin, so that key frames do not drown the clock.
    let limit = filled[filled.count / 2]
    var samples = window.bins.map { Float(min($0, limit)) }
    let used = min(samples.count, Int(window.seconds * 1e6) / Int(RhythmWindow.binWidth))
    guard used > 0 else { return nil }
    let mean = samples[..<used].reduce(0, +) / Float(used)
    for index in 0..<used { samples[index] -= mean }
    let first = Int((RhythmThresholds.leastClock.value / lineWidth).rounded(.up))
    let last = Int(RhythmThresholds.greatestClock.value / lineWidth)
    let power = Array(transform.power(samples, limit: last + 2)[first...])
    // The mean of noise, from its median: power of noise falls off exponentially.
    let background = power.sorted()[power.count / 2] / 0.693_147
    let highest = power.max() ?? 0
    guard background > 0, highest >= RhythmThresholds.spectralPeak.value * background else {
      return nil
    }
    let share = RhythmThresholds.clockPeakShare.value
    for index in power.indices where power[index] >= share * share * highest {
      let before = index > 0 ? power[index - 1] : 0
      let after = index + 1 < power.count ? power[index + 1] : 0
      guard power[index] >= before, power[index] >= after else { continue }
      let frequency = Double(first + index) * lineWidth
      guard groups.perSecond >= RhythmThresholds.spectralDensity.value * frequency else {
        return nil
      }
      var clock = FrameClock(at: frequency, groups)
      clock.spectralPeak = power[index] / background
      // Steady transfers have lines in their spectrum too, but no groups in phase with them.
      return clock.lock >= RhythmThresholds.clockLock.value ? clock : nil
    }
    return nil
  }
}
