// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Groups that fill the window: the line is busy, and a rhythm could not be seen
/// (classifier.md §3.3, `sat`).
enum SaturatedLine {
  /// Share of the window that groups fill.
  static func share(_ window: RhythmWindow) -> Double {
    let busy = window.groups.reduce(0.0) { $0 + Double($1.duration) } / 1e6
    return min(1, busy / max(window.seconds, 0.001))
  }
}
