// SPDX-License-Identifier: Apache-2.0

/// How flows are told apart and what is kept of them.
public struct FlowTrackingConfiguration: Sendable, Equatable {
  /// Seconds without a packet after which the next packet of a five-tuple starts a new flow.
  ///
  /// The defaults are Zeek's inactivity timeouts (`scripts/base/init-bare.zeek`); `nil` never
  /// splits, so that there is one flow per five-tuple and connection, comparable with tshark.
  public struct IdleTimeouts: Sendable, Equatable {
    /// For TCP, and for protocols not named here.
    public var tcp: Int64? = 300
    /// For UDP, UDP-Lite and SCTP.
    public var udp: Int64? = 60
    /// For ICMP and ICMPv6.
    public var icmp: Int64? = 60

    /// Makes Zeek's timeouts.
    public init() {}

    /// No flow ends by being idle.
    public static var off: IdleTimeouts {
      var timeouts = IdleTimeouts()
      timeouts.tcp = nil
      timeouts.udp = nil
      timeouts.icmp = nil
      return timeouts
    }
  }

  /// Idle timeouts.
  public var idleTimeouts = IdleTimeouts()
  /// Whether copies of packets are counted as if they were packets of their own.
  public var keepsDuplicates = false
  /// Payload bytes of one direction after which the flow's seconds are kept: 16 KiB is two seconds
  /// of the slowest stream that counts as video (64 kb/s, classifier.md §3.3).
  ///
  /// What a flow carried before is added to its first second.
  public var timeBinThreshold: UInt64 = 16 << 10

  /// Whether the rhythm of directions with a steady rate is measured; off only to measure its cost.
  package var measuresRhythm = true

  /// Makes the defaults.
  public init() {}
}
