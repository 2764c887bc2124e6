// SPDX-License-Identifier: Apache-2.0

/// The gates that turn windows into a verdict (classifier.md §3.4); sums of points decide nothing.
struct RhythmGates {
  /// One condition and whether it holds.
  struct Gate {
    var name: String
    var value: Double
    var threshold: Double
    var holds: Bool { value >= threshold }
  }

  let rhythm: DirectionRhythm
  let clock: Gate
  let sameClock: Gate
  let variation: Gate
  let keyFrames: Gate
  let order: Gate
  let vetoFree: Gate
  let length: Gate
  let duration: Gate
  let longPeriod: LongKeyFramePeriod?
  let segments: (period: Double, count: Int, variation: Double)?

  init(_ rhythm: DirectionRhythm) {
    self.rhythm = rhythm
    clock = Gate(
      name: "clock", value: rhythm.share(rhythm.clocks),
      threshold: RhythmThresholds.clockWindows.value)
    sameClock = Gate(
      name: "same_clock", value: rhythm.share(rhythm.commonClock?.count ?? 0),
      threshold: RhythmThresholds.sameClockWindows.value)
    variation = Gate(
      name: "sizes_vary", value: rhythm.share(rhythm.variations),
      threshold: RhythmThresholds.variationWindows.value)
    longPeriod = LongKeyFramePeriod.find(rhythm.pictures)
    let isLong = longPeriod != nil
    keyFrames = Gate(
      name: "key_frames",
      value: isLong ? 1 : min(1, rhythm.share(rhythm.commonPeriod?.count ?? 0)),
      threshold: RhythmThresholds.keyFrameWindows.value)
    order = Gate(
      name: "size_order", value: rhythm.order.strength, threshold: rhythm.order.needed)
    vetoFree = Gate(
      name: "veto_free", value: rhythm.share(rhythm.vetoFree),
      threshold: RhythmThresholds.vetoFreeWindows.value)
    length = Gate(
      name: "windows", value: Double(rhythm.assessed),
      threshold: RhythmThresholds.likelyWindows.value)
    duration = Gate(
      name: "seconds", value: rhythm.assessedSeconds,
      threshold: RhythmThresholds.likelySeconds.value)
    segments = rhythm.segments.found()
  }

  var all: [Gate] { [clock, sameClock, variation, keyFrames, order, vetoFree, length, duration] }

  /// Clock and varying sizes in an order, whatever the key frames.
  var hasPictures: Bool {
    clock.holds && sameClock.holds && variation.holds && order.holds && vetoFree.holds
      && rhythm.assessed > 0
  }

  /// A clock and large pictures of similar sizes: Motion-JPEG.
  var hasStills: Bool {
    clock.holds && sameClock.holds && order.holds && vetoFree.holds && rhythm.assessed > 0
      && rhythm.share(rhythm.largePictures) >= RhythmThresholds.vetoFreeWindows.value
  }

  /// Key frames without a clock: pulled faster than real time, or several pictures a packet.
  var hasKeyFramesOnly: Bool {
    longPeriod == nil && keyFrames.holds && order.holds && vetoFree.holds && variation.holds
      && (rhythm.commonPeriod?.count ?? 0) >= Int(RhythmThresholds.clocklessWindows.value)
  }

  var verdict: VideoVerdict {
    if all.allSatisfy(\.holds) { return .likely }
    return leads.isEmpty ? .noEvidence : .possible
  }

  /// The conditions of `possible` that hold, any of which suffices.
  var leads: [String] {
    let conditions = [
      ("pictures", hasPictures), ("large pictures", hasStills), ("key frames", hasKeyFramesOnly),
      ("segments", segments != nil),
    ]
    return conditions.filter(\.1).map(\.0)
  }

  /// Whether most windows were too full to show a rhythm.
  var isSaturated: Bool {
    rhythm.assessed > 0
      && rhythm.share(rhythm.count(of: .saturated)) > RhythmThresholds.vetoFreeWindows.value
  }
}
