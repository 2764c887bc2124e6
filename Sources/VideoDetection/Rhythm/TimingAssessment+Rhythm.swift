// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

extension TimingAssessment {
  /// Puts the windows of a direction into words: verdict of the gates, reasons, points.
  init(_ rhythm: DirectionRhythm) {
    let gates = RhythmGates(rhythm)
    var wording = RhythmWording(rhythm, gates)
    wording.describe()
    let verdict = gates.verdict
    if verdict == .noEvidence {
      // Silence is an all-clear only where the rhythm could be seen.
      var obstacle: DirectionAssessment.Obstacle?
      if rhythm.isCutOff {
        obstacle = .evicted
      } else if gates.isSaturated {
        obstacle = .saturated
      } else if rhythm.windows == 0 {
        obstacle = .tooShort
      }
      self.init(
        verdict: obstacle == nil ? .noEvidence : .notAssessed, reasons: wording.reasons,
        counterReasons: wording.counterReasons, obstacle: obstacle)
    } else {
      self.init(
        verdict: verdict, reasons: wording.reasons, counterReasons: wording.counterReasons)
    }
    windows = wording.windows
    gateStates = gates.all.map {
      GateState(name: $0.name, value: $0.value, threshold: $0.threshold, holds: $0.holds)
    }
    leads = gates.leads
    windowCount = rhythm.windows
    judgedWindowCount = rhythm.assessed
    score = wording.score
  }
}

/// The sentences about a rhythm.
private struct RhythmWording {
  private let rhythm: DirectionRhythm
  private let gates: RhythmGates
  private(set) var reasons: [Evidence] = []
  private(set) var counterReasons: [Evidence] = []
  private(set) var score = 0.0

  init(_ rhythm: DirectionRhythm, _ gates: RhythmGates) {
    self.rhythm = rhythm
    self.gates = gates
  }

  /// The strongest and the weakest windows, each once, in order of time.
  var windows: [WindowEvidence] {
    var result = rhythm.strongest
    for window in rhythm.weakest where !result.contains(where: { $0.start == window.start }) {
      result.append(window)
    }
    return result.sorted { $0.start < $1.start }
  }

  private var best: WindowEvidence? { rhythm.strongest.first }
  private var packets: [PacketReference] { best?.packets ?? [] }

  private func ofWindows(_ count: Int) -> String { "\(count) of \(rhythm.assessed) windows" }

  private mutating func add(
    _ signal: VideoSignal, holds: Bool, value: Double?, threshold: Double?, text: String
  ) {
    let points = holds ? signal.present : signal.absent
    score += points
    let evidence = Evidence(
      signal: signal.name, value: value, threshold: threshold, points: points, text: text,
      packets: holds ? packets : [])
    if points >= 0 { reasons.append(evidence) } else { counterReasons.append(evidence) }
  }

  mutating func describe() {
    guard rhythm.assessed > 0 else {
      describeSegments()
      counterReasons.append(
        Evidence(
          signal: "rhythm_windows", value: 0,
          threshold: RhythmThresholds.likelyWindows.value,
          text: rhythm.windows == 0
            ? "shorter than a window of \(NumberText.decimal(RhythmThresholds.leastWindow.value)) s"
            : "no window with a steady rate in \(rhythm.windows)"))
      return
    }
    describeClock()
    describeSizes()
    describeOrder()
    describeKeyFrames()
    describeSegments()
    describeVetoes()
    let passed = gates.all.filter(\.holds).map(\.name)
    let failed = gates.all.filter { !$0.holds }.map(\.name)
    score = min(max(score, -VideoSignals.scoreLimit), VideoSignals.scoreLimit)
    let gateText =
      "gates passed: " + (passed.isEmpty ? "none" : passed.joined(separator: ", "))
      + "; failed: " + (failed.isEmpty ? "none" : failed.joined(separator: ", "))
    let evidence = Evidence(
      signal: "rhythm_gates", value: score, points: nil,
      text: gateText + "; score " + NumberText.decimal(score, 0)
        + " decibans, for the reader only")
    if gates.verdict == .noEvidence {
      counterReasons.append(evidence)
    } else {
      reasons.append(evidence)
    }
  }

  private mutating func describeClock() {
    guard let common = rhythm.commonClock, gates.clock.holds else {
      add(
        VideoSignals.clock, holds: false, value: gates.clock.value,
        threshold: gates.clock.threshold,
        text: "no clock in most windows: groups start in step in " + ofWindows(rhythm.clocks))
      return
    }
    let window = rhythm.strongest.first { $0.clockFrequency != nil } ?? best
    var text = "packet groups start in step with a clock of "
    text += NumberText.decimal(window?.clockFrequency ?? common.value) + " Hz ("
    if let peak = window?.spectralPeak {
      text += "spectral peak " + NumberText.decimal(peak, 0) + " times the background"
    } else {
      let strength = window?.clockStrength ?? 0
      text += "R " + NumberText.decimal(strength)
      let exponent = Double(window?.groups ?? 0) * strength * strength * 0.434 - 3.1
      text +=
        "; random arrivals would do this in fewer than 1 of 10^"
        + NumberText.decimal(max(exponent, 1).rounded(.down), 0) + " windows"
    }
    text +=
      ", " + NumberText.decimal((window?.clockLock ?? 0) * 100, 0) + " % of bytes in phase), "
    add(
      window?.spectralPeak == nil ? VideoSignals.clock : VideoSignals.spectralClock, holds: true,
      value: gates.clock.value, threshold: gates.clock.threshold,
      text: text + ofWindows(rhythm.clocks) + ", the same clock in \(common.count)")
  }

  private mutating func describeSizes() {
    let variation = best?.sizeVariation ?? 0
    add(
      VideoSignals.variation, holds: gates.variation.holds, value: gates.variation.value,
      threshold: gates.variation.threshold,
      text: "group sizes vary by " + NumberText.decimal(variation * 100, 0)
        + " % in the best window, enough in " + ofWindows(rhythm.variations))
    let isMultiple = rhythm.share(rhythm.multiple) >= RhythmThresholds.vetoFreeWindows.value
    add(
      VideoSignals.groups, holds: isMultiple, value: best?.medianGroup,
      threshold: RhythmThresholds.multiplePackets.value,
      text: "the usual group has " + NumberText.bytes(UInt64(max(0, best?.medianGroup ?? 0))))
  }

  private mutating func describeOrder() {
    let strength = NumberText.decimal(gates.order.value)
    add(
      VideoSignals.order, holds: gates.order.holds, value: gates.order.value,
      threshold: gates.order.threshold,
      text: gates.order.holds
        ? "sizes follow the ones before them (rank correlation " + strength + ")"
        : "sizes do not follow the ones before them, as those of pictures do (rank correlation "
          + strength + ")")
  }

  private mutating func describeKeyFrames() {
    if let long = gates.longPeriod {
      add(
        VideoSignals.longKeyFrames, holds: true, value: long.seconds,
        threshold: RhythmThresholds.leastLongPeriod.value,
        text: "\(long.frames) large groups, one every " + NumberText.decimal(long.seconds) + " s")
      return
    }
    let common = rhythm.commonPeriod
    guard gates.keyFrames.holds, let common else {
      add(
        VideoSignals.keyFrames, holds: false, value: gates.keyFrames.value,
        threshold: gates.keyFrames.threshold,
        text: "no period of large groups in most windows: one in "
          + ofWindows(rhythm.keyFramePeriods))
      return
    }
    let window = rhythm.strongest.first { $0.keyFramePeriod != nil } ?? best
    add(
      VideoSignals.keyFrames, holds: true, value: gates.keyFrames.value,
      threshold: gates.keyFrames.threshold,
      text: "large groups come back every "
        + NumberText.decimal(window?.keyFramePeriod ?? common.value) + " s (prominence "
        + NumberText.decimal(window?.keyFrameProminence ?? 0) + "), the same period in "
        + ofWindows(min(common.count, rhythm.assessed)))
  }

  private mutating func describeSegments() {
    guard let segments = gates.segments else { return }
    add(
      VideoSignals.segments, holds: true, value: Double(segments.count),
      threshold: RhythmThresholds.segments.value,
      text: "\(segments.count) bursts, one every " + NumberText.decimal(segments.period)
        + " s, sizes vary by " + NumberText.decimal(segments.variation * 100, 0) + " %")
  }

  private mutating func describeVetoes() {
    let signals: [WindowEvidence.Veto: VideoSignal] = [
      .constantSizes: VideoSignals.constant, .audioLike: VideoSignals.audio,
      .saturated: VideoSignals.saturated,
    ]
    let texts: [WindowEvidence.Veto: String] = [
      .constantSizes: "all groups have one size: ", .audioLike: "small groups of similar sizes: ",
      .saturated: "the line is full, no rhythm can be seen: ",
    ]
    for veto in WindowEvidence.Veto.allCases {
      let count = rhythm.count(of: veto)
      guard count > 0, let signal = signals[veto] else { continue }
      add(
        signal, holds: true, value: rhythm.share(count),
        threshold: RhythmThresholds.vetoFreeWindows.value,
        text: (texts[veto] ?? "") + ofWindows(count))
    }
    if rhythm.combs > 0 {
      add(
        VideoSignals.comb, holds: true, value: rhythm.share(rhythm.combs), threshold: nil,
        text: "the clock belongs to small packets of one size: " + ofWindows(rhythm.combs))
    }
  }
}
