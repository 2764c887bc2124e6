// SPDX-License-Identifier: Apache-2.0

public import Attribution
public import PacketDecoding
public import VideoDetection

/// Something a device sent to a destination, with verdict, exposure and severity.
public struct Finding: Sendable {
  /// Whether what was sent is video.
  public struct Video: Sendable {
    /// The verdict.
    public var verdict: VideoVerdict
    /// What speaks for it.
    public var reasons: [Evidence]
    /// What speaks against it, or is missing.
    public var counterReasons: [Evidence]
    /// Windows and gates of the rhythm that speaks most for it; `nil` where none was needed.
    public var rhythm: TimingAssessment?

    /// Makes a video assessment.
    public init(
      verdict: VideoVerdict, reasons: [Evidence], counterReasons: [Evidence],
      rhythm: TimingAssessment? = nil
    ) {
      self.rhythm = rhythm
      self.verdict = verdict
      self.reasons = reasons
      self.counterReasons = counterReasons
    }
  }

  /// `F-` and 8 hexadecimal digits of SHA-256 over device, source, destination, protocol and first
  /// packet.
  public var id: String
  /// How much it matters.
  public var severity: Severity
  /// Whether it is video.
  public var video: Video
  /// How far it went.
  public var exposure: ExposureAssessment
  /// Id of the device that sent it; `nil` where the sender is no inside host.
  public var device: String?
  /// Address that sent it.
  public var sourceAddress: IPAddress
  /// Where it went.
  public var destination: Destination
  /// New payload of the source's direction in bytes.
  public var bytes: UInt64
  /// Wire bytes of the source's direction.
  public var wireBytes: UInt64
  /// Wire bytes of the source's direction without duplicates.
  public var uniqueWireBytes: UInt64
  /// Packets of the source's direction, all of them.
  public var packets: UInt64
  /// From the first to the last packet of the source's direction.
  public var durationSeconds: Double
  /// First packet of the source's direction, nanoseconds since 1970.
  public var firstTime: Int64
  /// Last packet of the source's direction.
  public var lastTime: Int64
  /// Ranks of the flows, ascending; at most ``maximumFlows`` of them.
  public var flows: [Int]
  /// Number of flows in all.
  public var flowCount: Int
  /// MITRE ATT&CK techniques, ascending.
  public var attack: [String]
  /// Three sentences: what, how sure and why, what would change that.
  public var text: String
  /// Whether the other end opened the connection and fetched what was sent.
  public var isPulled = false
  /// How stored footage was taken, such as `RTSP playback`; `nil` where none was asked for and
  /// nothing shows that it was recorded before.
  public var storedFootage: String?
  /// Length of the footage by its own clock and of its transfer; `nil` where it is not known.
  public var footage: FootagePace?
  /// Peers behind relays: who got what the destination relayed.
  public var relayedPeers: [Destination] = []
  /// What came before, for the first outbound video of the device; empty for its later ones.
  public var before: [PriorEvent] = []
  /// The finding against the device's own past; `nil` where the sender is no inside host.
  public var past: DevicePast?

  /// Flows that a finding names at most.
  public static let maximumFlows = 1_000

  /// Makes a finding.
  package init(
    id: String, severity: Severity, video: Video, exposure: ExposureAssessment, device: String?,
    sourceAddress: IPAddress, destination: Destination, bytes: UInt64, wireBytes: UInt64,
    uniqueWireBytes: UInt64, packets: UInt64, durationSeconds: Double, firstTime: Int64,
    lastTime: Int64, flows: [Int], flowCount: Int, attack: [String], text: String
  ) {
    self.id = id
    self.severity = severity
    self.video = video
    self.exposure = exposure
    self.device = device
    self.sourceAddress = sourceAddress
    self.destination = destination
    self.bytes = bytes
    self.wireBytes = wireBytes
    self.uniqueWireBytes = uniqueWireBytes
    self.packets = packets
    self.durationSeconds = durationSeconds
    self.firstTime = firstTime
    self.lastTime = lastTime
    self.flows = flows
    self.flowCount = flowCount
    self.attack = attack
    self.text = text
  }
}

/// Where something was sent, as findings name it.
public struct Destination: Sendable {
  /// The address.
  public var address: IPAddress
  /// The port outside; `nil` for protocols without ports.
  public var port: UInt16?
  /// Names seen for the address: server names first, then names by DNS; hostile text.
  public var names: [String]
  /// AS number.
  public var asn: UInt32?
  /// Name of the AS, as the table has it.
  public var asName: String?
  /// Country, two letters.
  public var country: String?
  /// What the country column of the table means (raw value of `CountryBasis`).
  public var basis: String?
  /// Where the address is by the policy.
  public var scope: AddressAttribution.Scope
  /// Base name of the table that answered.
  public var table: String?
  /// Line in that table.
  public var line: UInt64?

  /// Makes a destination.
  public init(
    address: IPAddress, port: UInt16?, names: [String] = [], asn: UInt32? = nil,
    asName: String? = nil, country: String? = nil, basis: String? = nil,
    scope: AddressAttribution.Scope, table: String? = nil, line: UInt64? = nil
  ) {
    self.address = address
    self.port = port
    self.names = names
    self.asn = asn
    self.asName = asName
    self.country = country
    self.basis = basis
    self.scope = scope
    self.table = table
    self.line = line
  }
}
