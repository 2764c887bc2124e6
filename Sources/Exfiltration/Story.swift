// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// Findings of several devices, or of one in several places, that belong together.
public struct Story: Sendable {
  /// What joins the findings.
  public enum Kind: String, Sendable, CaseIterable {
    /// The same destinations were used one after the other.
    case chain
    /// Devices began at the same times, more often than chance makes likely.
    case coincidence
    /// Several devices sent to one operator or network.
    case commonOperator = "common_operator"
  }

  /// One thing that was measured over the findings.
  public struct Fact: Sendable, Hashable {
    /// Stable name: `step`, `coincidence`, `common_operator`, `common_event`.
    public var kind: String
    /// When it happened or began, nanoseconds since 1970; `nil` where it has no time.
    public var time: Int64?
    /// One sentence in plain words; parts of it come from packets.
    public var text: String
    /// What was measured.
    public var value: Double?
    /// What it was compared with.
    public var threshold: Double?
    /// Packets to look at, at most five.
    public var packets: [PacketReference]

    /// Makes a fact.
    public init(
      kind: String, time: Int64? = nil, text: String, value: Double? = nil,
      threshold: Double? = nil, packets: [PacketReference] = []
    ) {
      self.kind = kind
      self.time = time
      self.text = text
      self.value = value
      self.threshold = threshold
      self.packets = Array(packets.prefix(5))
    }
  }

  /// `S-` and 8 hexadecimal digits of SHA-256 over kind and findings.
  public var id: String
  /// What joins the findings.
  public var kind: Kind
  /// The highest severity of its findings.
  public var severity: Severity
  /// Ids of the devices, in order of their numbers.
  public var devices: [String]
  /// Destinations in order of first use.
  public var destinations: [IPAddress]
  /// Ids of the findings, in order of time.
  public var findings: [String]
  /// New payload of all findings in bytes.
  public var bytes: UInt64
  /// First packet of the findings, nanoseconds since 1970.
  public var firstTime: Int64
  /// Last packet of the findings.
  public var lastTime: Int64
  /// What was measured.
  public var facts: [Fact]
  /// Three sentences: what, how sure and why, what would change that.
  public var text: String

  /// Makes a story.
  public init(
    id: String, kind: Kind, severity: Severity, devices: [String], destinations: [IPAddress],
    findings: [String], bytes: UInt64, firstTime: Int64, lastTime: Int64, facts: [Fact],
    text: String
  ) {
    self.id = id
    self.kind = kind
    self.severity = severity
    self.devices = devices
    self.destinations = destinations
    self.findings = findings
    self.bytes = bytes
    self.firstTime = firstTime
    self.lastTime = lastTime
    self.facts = facts
    self.text = text
  }
}
