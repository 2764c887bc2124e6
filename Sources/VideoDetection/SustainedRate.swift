// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// Whether a direction carries a steady rate for some time (classifier.md §3.3, `rate`).
///
/// By itself no sign of video; it says which directions would have to be looked at.
struct SustainedRate {
  var bitsPerSecond: Double
  var seconds: Double
  /// Share of seconds with more than `activeSecondBytes`; `nil` where no seconds were kept.
  var activeShare: Double?
  var isMet: Bool

  init(_ flow: Flow, _ direction: FlowDirection) {
    let counters = flow.counters(direction)
    let first = counters.firstTime ?? 0
    seconds = Double(max(0, (counters.lastTime ?? first) &- first)) / 1e9
    let bytes = counters.newPayloadBytes
    bitsPerSecond = seconds > 0 ? Double(bytes) * 8 / seconds : 0
    activeShare = Self.activeShare(flow, direction)
    isMet =
      seconds >= Thresholds.sustainedSeconds.value
      && bitsPerSecond >= Thresholds.sustainedRate.value
      && Double(bytes) >= Thresholds.volumeFloor.value
      && (activeShare ?? 1) >= Thresholds.activeShare.value
  }

  private static func activeShare(_ flow: Flow, _ direction: FlowDirection) -> Double? {
    guard let timeBins = flow.timeBins, !timeBins.bins.isEmpty else { return nil }
    let floor = Thresholds.activeSecondBytes.value * Double(max(timeBins.width, 1))
    var active = 0
    for bin in timeBins.bins {
      let bytes =
        direction == .fromOriginator
        ? bin.newPayloadBytes.originator : bin.newPayloadBytes.responder
      if Double(bytes) > floor { active += 1 }
    }
    return Double(active) / Double(timeBins.bins.count)
  }

  var evidence: Evidence {
    var text = NumberText.rate(bitsPerSecond) + " over " + NumberText.duration(seconds)
    if let activeShare {
      text += ", " + NumberText.decimal(activeShare * 100, 0) + " % of its seconds active"
    }
    return Evidence(
      signal: "sustained_rate", value: bitsPerSecond, threshold: Thresholds.sustainedRate.value,
      points: 1, text: text)
  }
}
