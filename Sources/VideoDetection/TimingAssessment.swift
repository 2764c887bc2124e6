// SPDX-License-Identifier: Apache-2.0

/// What the rhythm of one direction says (classifier.md §3.3 and §3.4), made by the signals in
/// `Signals/`; never stronger than `likely`.
public struct TimingAssessment: Sendable {
  /// A condition of the verdict, and whether it holds.
  public struct GateState: Sendable {
    /// Name of the gate.
    public var name: String
    /// What was measured.
    public var value: Double
    /// What is needed at least.
    public var threshold: Double
    /// Whether it holds.
    public var holds: Bool
  }

  /// The verdict of the gates.
  public internal(set) var verdict: VideoVerdict
  /// Signals that hold.
  public internal(set) var reasons: [Evidence]
  /// Signals that speak against.
  public internal(set) var counterReasons: [Evidence]
  /// Why rhythm could not be assessed; `nil` where it was.
  public internal(set) var obstacle: DirectionAssessment.Obstacle?
  /// The strongest and weakest windows, in order of time.
  public internal(set) var windows: [WindowEvidence] = []
  /// The gates of `likely`, all of which must hold.
  public internal(set) var gateStates: [GateState] = []
  /// What makes a lead of it: `pictures`, `large pictures`, `key frames`, `segments`.
  public internal(set) var leads: [String] = []
  /// Windows of the direction, and those with enough rate to be judged.
  public internal(set) var windowCount = 0
  /// Windows with enough rate to be judged.
  public internal(set) var judgedWindowCount = 0
  /// Sum of decibans, for the reader only (classifier.md §3.5).
  public internal(set) var score = 0.0

  /// Makes an assessment; a verdict above `likely` is lowered to it.
  package init(
    verdict: VideoVerdict, reasons: [Evidence] = [], counterReasons: [Evidence] = [],
    obstacle: DirectionAssessment.Obstacle? = nil
  ) {
    self.verdict = min(verdict, .likely)
    self.reasons = reasons
    self.counterReasons = counterReasons
    self.obstacle = obstacle
  }
}
