// SPDX-License-Identifier: Apache-2.0

/// What the rhythm of one direction says (classifier.md §3.3 and §3.4), made by the signals in
/// `Signals/`; never stronger than `likely`.
package struct TimingAssessment: Sendable {
  /// The verdict of the gates.
  package var verdict: VideoVerdict
  /// Signals that hold.
  package var reasons: [Evidence]
  /// Signals that speak against.
  package var counterReasons: [Evidence]
  /// Why rhythm could not be assessed; `nil` where it was.
  package var obstacle: DirectionAssessment.Obstacle?

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
