// SPDX-License-Identifier: Apache-2.0

public import FlowTracking

/// What is said of one direction of a flow: verdict, reasons for and against.
///
/// Made only for directions with evidence, and for those that should have been assessed and could
/// not be; every other direction is `noEvidence`.
public struct DirectionAssessment: Sendable {
  /// Why a direction could not be assessed.
  public enum Obstacle: String, Sendable, CaseIterable {
    /// The payload was cut off by the snapshot length.
    case snapLength = "snap_length"
    /// Packets are missing from the capture.
    case loss
    /// The bound of timing candidates was met.
    case evicted
    /// The direction's bytes fill the line, so that no rhythm can be seen.
    case saturated
    /// Rhythm of encrypted traffic was not looked at.
    case rhythmNotMeasured = "rhythm_not_measured"
    /// Too few windows or packets to judge.
    case tooShort = "too_short"
    /// Ciphered by a tunnel that carries several conversations.
    case opaqueTunnel = "opaque_tunnel"
  }

  /// Rank of the flow.
  public var flowID: Int
  /// The flow's place in its shard.
  package var place: FlowPlace
  /// The direction judged; its sender is who sends the bytes.
  public var direction: FlowDirection
  /// The verdict.
  public var verdict: VideoVerdict
  /// What speaks for it.
  public var reasons: [Evidence]
  /// What speaks against it.
  public var counterReasons: [Evidence]
  /// Why it could not be assessed further; `nil` where it was.
  public var obstacle: Obstacle?
  /// What its rhythm says; `nil` where that was not needed or not measured.
  public var rhythm: TimingAssessment?
  /// Media streams of the direction: indices in the list of streams.
  public var streams: [Int]

  /// Makes an assessment.
  package init(
    flowID: Int, place: FlowPlace, direction: FlowDirection, verdict: VideoVerdict,
    reasons: [Evidence] = [], counterReasons: [Evidence] = [], obstacle: Obstacle? = nil,
    streams: [Int] = []
  ) {
    self.flowID = flowID
    self.place = place
    self.direction = direction
    self.verdict = verdict
    self.reasons = reasons
    self.counterReasons = counterReasons
    self.obstacle = obstacle
    self.streams = streams
  }
}
