// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// The windows of one direction, summed up: a day costs the same as a minute
/// (classifier.md §3.1, window log).
struct DirectionRhythm: Sendable {
  /// Strongest and weakest windows kept.
  static let maximumWindows = 5

  private(set) var windows = 0
  /// Windows with enough rate to be judged.
  private(set) var assessed = 0
  private(set) var assessedSeconds = 0.0
  private(set) var clocks = 0
  private(set) var strongClocks = 0
  private(set) var variations = 0
  private(set) var keyFramePeriods = 0
  private(set) var vetoes = [UInt32](repeating: 0, count: WindowEvidence.Veto.allCases.count)
  private(set) var combs = 0
  private(set) var multiple = 0
  private(set) var largePictures = 0
  private(set) var againstBySize = 0
  private(set) var strongest: [WindowEvidence] = []
  private(set) var weakest: [WindowEvidence] = []
  private(set) var frequencies = RatioHistogram(least: RhythmThresholds.leastClock.value)
  private(set) var periods = RatioHistogram(least: RhythmThresholds.leastKeyFramePeriod.value)
  private(set) var pictures = LongKeyFramePeriod.Ring()
  private(set) var segments = Segments()
  private(set) var order = SizeOrder()
  private let origin: Int64
  /// Whether windows are missing because too many directions were measured at once.
  var isCutOff = false

  init(origin: Int64) {
    self.origin = origin
  }

  /// Adds a window.
  mutating func add(_ window: RhythmWindow) {
    segments.add(window)
    pictures.add(window, origin: origin)
    guard window.seconds >= RhythmThresholds.leastWindow.value else { return }
    let evidence = WindowEvidence(window)
    windows += 1
    guard evidence.hasRate else { return }
    order.add(evidence.order)
    assessed += 1
    assessedSeconds += evidence.seconds
    if let frequency = evidence.clockFrequency {
      clocks += 1
      frequencies.add(frequency)
      if evidence.clockStrength >= RhythmThresholds.clockStrong.value { strongClocks += 1 }
    }
    if evidence.hasVariation { variations += 1 }
    if let period = evidence.keyFramePeriod {
      keyFramePeriods += 1
      periods.add(period)
    } else if ConstantSizes.speaksAgainst(variation: evidence.sizeVariation) {
      againstBySize += 1
    }
    if let veto = evidence.veto, let index = WindowEvidence.Veto.allCases.firstIndex(of: veto) {
      vetoes[index] &+= 1
    }
    if evidence.isComb { combs += 1 }
    if evidence.medianGroup >= RhythmThresholds.multiplePackets.value { multiple += 1 }
    if evidence.medianGroup >= RhythmThresholds.largePicture.value { largePictures += 1 }
    keep(evidence)
  }

  private mutating func keep(_ evidence: WindowEvidence) {
    Self.insert(evidence, into: &strongest) { $0.strength > $1.strength }
    Self.insert(evidence, into: &weakest) { $0.strength < $1.strength }
  }

  private static func insert(
    _ evidence: WindowEvidence, into list: inout [WindowEvidence],
    before: (WindowEvidence, WindowEvidence) -> Bool
  ) {
    let position = list.firstIndex { before(evidence, $0) } ?? list.count
    guard position < maximumWindows else { return }
    list.insert(evidence, at: position)
    if list.count > maximumWindows { list.removeLast() }
  }

  /// Share of the windows judged; 0 where there are none.
  func share(_ count: Int) -> Double {
    assessed > 0 ? Double(count) / Double(assessed) : 0
  }

  /// Windows that no veto claims.
  var vetoFree: Int { assessed - vetoes.reduce(0) { $0 + Int($1) } }

  func count(of veto: WindowEvidence.Veto) -> Int {
    WindowEvidence.Veto.allCases.firstIndex(of: veto).map { Int(vetoes[$0]) } ?? 0
  }

  /// The frequency that most windows share.
  var commonClock: (value: Double, count: Int)? {
    frequencies.mode(tolerance: RhythmThresholds.clockTolerance.value)
  }

  /// The key-frame period that most windows share; twice and half of it count.
  var commonPeriod: (value: Double, count: Int)? {
    periods.mode(tolerance: RhythmThresholds.keyFrameTolerance.value, factors: [1, 2, 0.5])
  }
}
