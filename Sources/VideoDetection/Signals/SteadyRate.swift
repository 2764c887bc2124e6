// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Enough bytes, in most seconds (classifier.md §3.3, `rate`).
enum SteadyRate {
  static func holds(_ window: RhythmWindow) -> Bool {
    let seconds = max(window.seconds, 0.001)
    guard Double(window.bytes) * 8 / seconds >= Thresholds.sustainedRate.value else {
      return false
    }
    let covered = min(window.bytesPerSecond.count, max(1, Int(seconds.rounded())))
    let active = window.bytesPerSecond.prefix(covered).count {
      Double($0) > Thresholds.activeSecondBytes.value
    }
    return Double(active) >= Thresholds.activeShare.value * Double(covered)
  }
}
