// SPDX-License-Identifier: Apache-2.0

/// Groups that start in step with a clock: the frame rate (classifier.md §3.3, `clock`).
///
/// Rayleigh's test at all frequencies at once: the spectrum of the starts, taken as pulses, is n R.
struct FrameClock {
  /// Frequency, Hz.
  var frequency: Double
  /// Rayleigh R, 1 where all groups start in phase.
  var strength: Double
  /// Share of bytes in groups that start near the common phase.
  var lock: Double
  /// The common phase, turns.
  var phase: Double
  /// Spectral peak over background, where the clock was found by ``SpectralClock``.
  var spectralPeak: Double?

  /// Samples of the pulse train: 20 s at 2.44 ms, so that lines lie 0.05 Hz apart, 1,161 of them
  /// between 4 and 62 Hz.
  static let transform = FourierTransform(count: 8_192)
  private static let lineWidth = 0.05

  /// Looks for a clock in the starts of groups.
  static func find(_ groups: PacketGroups) -> FrameClock? {
    let count = Double(groups.starts.count)
    // Fewer groups cannot reach the significance, whatever their phase.
    guard count >= RhythmThresholds.clockSignificance.value,
      groups.perSecond
        >= RhythmThresholds.leastClock.value * RhythmThresholds.clockDensity.value
    else { return nil }
    let (first, spectrum) = spectrum(groups)
    guard var frequency = lowestPeak(first, spectrum) else { return nil }
    frequency = refined(frequency, groups)
    let clock = FrameClock(at: frequency, groups)
    let density = RhythmThresholds.clockDensity.value
    guard clock.strength >= RhythmThresholds.clockStrength.value,
      count * clock.strength * clock.strength >= RhythmThresholds.clockSignificance.value,
      groups.perSecond > density * frequency, clock.lock >= RhythmThresholds.clockLock.value
    else { return nil }
    return clock
  }

  /// Measures the starts against a given frequency.
  init(at frequency: Double, _ groups: PacketGroups) {
    self.frequency = frequency
    let sum = Self.sum(frequency, groups.starts[...])
    strength = groups.starts.isEmpty ? 0 : sum.length / Double(groups.starts.count)
    phase = sum.turns
    let reach = RhythmThresholds.clockPhase.value
    var inPhase = 0.0
    var all = 0.0
    for (start, bytes) in zip(groups.starts, groups.startedBytes) {
      let turns = start * frequency - phase
      all += bytes
      if (turns - turns.rounded()).magnitude <= reach { inPhase += bytes }
    }
    lock = all > 0 ? inPhase / all : 0
  }

  /// R at every line, corrected for the width of the samples.
  private static func spectrum(_ groups: PacketGroups) -> (first: Int, values: [Double]) {
    let seconds = 1 / lineWidth
    let perSecond = Double(transform.count) / seconds
    var pulses = [Float](repeating: 0, count: transform.count / 2)
    for start in groups.starts {
      let index = Int((start * perSecond).rounded())
      if index < pulses.count { pulses[index] += 1 }
    }
    let first = Int((RhythmThresholds.leastClock.value / lineWidth).rounded())
    let last = Int((RhythmThresholds.greatestClock.value / lineWidth).rounded())
    let power = transform.power(pulses, limit: last + 1)
    let count = Double(groups.starts.count)
    return (
      first,
      (first...last).map { line in
        // sin(x)/x of half a sample, by its series: x stays below 0.48.
        let x = Double.pi * Double(line) / Double(transform.count)
        let width = 1 - x * x / 6 + x * x * x * x / 120
        return power[line].squareRoot() / count / width
      }
    )
  }

  /// The lowest peak that comes near the highest one: harmonics of a clock are as high as it.
  private static func lowestPeak(_ first: Int, _ values: [Double]) -> Double? {
    let highest = values.max() ?? 0
    guard highest > 0 else { return nil }
    let limit = RhythmThresholds.clockPeakShare.value * highest
    for index in values.indices where values[index] >= limit {
      let before = index > 0 ? values[index - 1] : 0
      let after = index + 1 < values.count ? values[index + 1] : 0
      if values[index] >= before, values[index] >= after {
        return Double(first + index) * lineWidth
      }
    }
    return nil
  }

  /// The frequency at which both halves of the window have the same phase.
  private static func refined(_ frequency: Double, _ groups: PacketGroups) -> Double {
    let starts = groups.starts
    var refined = frequency
    for _ in 0..<2 {
      let middle = starts.count / 2
      let early = sum(refined, starts[..<middle])
      let late = sum(refined, starts[middle...])
      let drift = (late * early.conjugate).turns
      let distance = mean(starts[middle...]) - mean(starts[..<middle])
      guard distance > 0.5 else { break }
      // Above the true frequency, phases grow with time.
      refined -= drift / distance
    }
    // A step of more than a line is no refinement but another clock.
    return (refined - frequency).magnitude <= 2 * lineWidth ? refined : frequency
  }

  private static func sum(_ frequency: Double, _ starts: ArraySlice<Double>) -> Phasor {
    var sum = Phasor.zero
    for start in starts {
      let turns = start * frequency
      sum += Phasor(turns: turns - turns.rounded())
    }
    return sum
  }

  private static func mean(_ values: ArraySlice<Double>) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }
}
