// SPDX-License-Identifier: Apache-2.0

/// The one answer per camera or recorder.
public struct CameraVerdict: Sendable {
  /// What can be said.
  public enum Outcome: String, Sendable, CaseIterable {
    /// Certain video went outside.
    case left
    /// Likely or possible video went outside.
    case consistent
    /// Assessed and covered, and nothing of the above.
    case noSign = "no_sign"
    /// The capture could not have shown it.
    case cannotTell = "cannot_tell"
  }

  /// What of the device's traffic the capture shows.
  public enum DirectionSeen: String, Sendable, CaseIterable {
    /// Packets from and to the device.
    case both
    /// Only packets that the device sent.
    case sent
    /// Only packets that the device received.
    case received
    /// None.
    case none
  }

  /// What the verdict rests on.
  public struct Observed: Sendable {
    /// First packet of the device, nanoseconds since 1970.
    public var firstTime: Int64?
    /// Last packet of the device.
    public var lastTime: Int64?
    /// Time from the first to the last packet of the capture that is not a gap of the capture.
    public var secondsCovered: Double
    /// Directions seen.
    public var directionSeen: DirectionSeen
    /// Packets that the capture points report as dropped; `nil` where none reports.
    public var dropped: UInt64?
    /// Flow directions toward the outside over the volume floor that could not be assessed.
    public var flowsNotAssessed: Int
    /// Share of the device's packets that were cut, 0...1; `nil` without packets.
    public var truncatedShare: Double?
    /// Share of the TCP payload it sent that is missing from the capture, 0...1.
    public var missingShare: Double?
    /// Share of the payload it sent outside of which only the outside is readable, 0...1; `nil`
    /// where it sent none.
    public var cipheredShare: Double?
    /// Flows to the outside inside tunnels that cipher several conversations into one.
    public var opaqueTunnels = 0

    /// Makes a scope.
    public init(
      firstTime: Int64?, lastTime: Int64?, secondsCovered: Double, directionSeen: DirectionSeen,
      dropped: UInt64?, flowsNotAssessed: Int
    ) {
      self.firstTime = firstTime
      self.lastTime = lastTime
      self.secondsCovered = secondsCovered
      self.directionSeen = directionSeen
      self.dropped = dropped
      self.flowsNotAssessed = flowsNotAssessed
    }
  }

  /// Id of the device.
  public var device: String
  /// The answer.
  public var outcome: Outcome
  /// The answer in words.
  public var text: String
  /// What it rests on.
  public var observed: Observed

  /// Makes a verdict.
  public init(device: String, outcome: Outcome, text: String, observed: Observed) {
    self.device = device
    self.outcome = outcome
    self.text = text
    self.observed = observed
  }
}
