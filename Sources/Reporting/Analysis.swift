// SPDX-License-Identifier: Apache-2.0

public import Attribution
public import CaptureFile
public import Exfiltration
public import FlowTracking
public import HostInventory
public import VideoDetection

/// Everything one run has found out; what every report is made of.
///
/// Free of clock, host and folder: the same captures and options give the same analysis.
public struct Analysis: Sendable {
  /// Whether all of the input was read; `false` after an interruption.
  public var isComplete: Bool
  /// What made the analysis.
  public var tool: ToolIdentity
  /// What the examiner says of the case; stored and printed, never used.
  public var caseNotes = CaseNotes()
  /// The clock that stands behind UTC in what people read; `nil` for none.
  public var timeZone: LocalTimeZone?
  /// The options that shaped the result, in the order they are printed.
  public var configuration: [ConfigurationEntry]
  /// The capture files in the order of their indices in packet references.
  public var inputs: [CaptureFacts]
  /// The GeoIP tables in the order given.
  public var geoIPTables: [GeoIPTableInfo]
  /// Whether a home was declared, without which nothing is called foreign.
  public var isHomeDeclared: Bool
  /// Sums over the capture.
  public var capture: CaptureSummary
  /// Hosts of the inside in order of their numbers.
  public var devices: [Device]
  /// Media streams in order of their first packets.
  public var mediaStreams: [MediaStream]
  /// Findings, the worst first.
  public var findings: [Finding]
  /// Findings that belong together, the worst first.
  public var stories: [Story]
  /// One verdict for each camera and recorder, in order of the devices.
  public var cameraVerdicts: [CameraVerdict]
  /// Addresses outside, the most bytes first.
  public var destinations: [DestinationSummary]
  /// All flows, made when asked for.
  public var flows: FlowCollection
  /// What recognition and detection say of flows.
  public var flowLabels: FlowLabels
  /// Names announced for addresses, in order of their packets.
  public var names: AnnouncedNames
  /// What the analysis could not see or do.
  public var limitations: [Limitation]
  /// Inputs that could not be read at all, in the order given.
  public var unreadableInputs: [CaptureError]

  /// Makes an analysis of its parts.
  package init(
    isComplete: Bool, tool: ToolIdentity, configuration: [ConfigurationEntry] = [],
    inputs: [CaptureFacts], geoIPTables: [GeoIPTableInfo] = [], isHomeDeclared: Bool = false,
    capture: CaptureSummary, devices: [Device] = [], mediaStreams: [MediaStream] = [],
    findings: [Finding] = [], stories: [Story] = [], cameraVerdicts: [CameraVerdict] = [],
    destinations: [DestinationSummary] = [], flows: FlowCollection,
    flowLabels: FlowLabels = FlowLabels([]), names: AnnouncedNames = AnnouncedNames([]),
    limitations: [Limitation] = [], unreadableInputs: [CaptureError] = []
  ) {
    self.isComplete = isComplete
    self.tool = tool
    self.configuration = configuration
    self.inputs = inputs
    self.geoIPTables = geoIPTables
    self.isHomeDeclared = isHomeDeclared
    self.capture = capture
    self.devices = devices
    self.mediaStreams = mediaStreams
    self.findings = findings
    self.stories = stories
    self.cameraVerdicts = cameraVerdicts
    self.destinations = destinations
    self.flows = flows
    self.flowLabels = flowLabels
    self.names = names
    self.limitations = limitations
    self.unreadableInputs = unreadableInputs
  }
}

/// Name, version and thresholds of the program that made an analysis.
public struct ToolIdentity: Sendable, Hashable {
  /// Name of the tool.
  public var name: String
  /// Version of the tool.
  public var version: String
  /// SHA-256 over all thresholds, so that results of different thresholds are told apart.
  public var thresholdsDigest: String?

  /// The version of this source.
  public static let currentVersion = "0.1.0"

  /// Names this version of LensTrace.
  public init(
    name: String = "lenstrace", version: String = currentVersion, thresholdsDigest: String? = nil
  ) {
    self.name = name
    self.version = version
    self.thresholdsDigest = thresholdsDigest
  }
}

/// What the examiner says of the case.
public struct CaseNotes: Sendable, Hashable {
  /// Number or name of the case.
  public var caseID: String?
  /// Who made the analysis.
  public var examiner: String?
  /// Anything else.
  public var note: String?

  /// Makes notes.
  public init(caseID: String? = nil, examiner: String? = nil, note: String? = nil) {
    self.caseID = caseID
    self.examiner = examiner
    self.note = note
  }

  /// Whether nothing is said.
  public var isEmpty: Bool { caseID == nil && examiner == nil && note == nil }
}

/// One option of the run: a member of `configuration` in the JSON.
public struct ConfigurationEntry: Sendable, Hashable {
  /// Value of an option.
  public enum Value: Sendable, Hashable {
    /// Words.
    case text(String)
    /// Several words.
    case list([String])
    /// A whole number.
    case number(Int64)
    /// On or off.
    case flag(Bool)
    /// Not given.
    case missing
  }

  /// Name of the option in snake case.
  public var key: String
  /// Its value.
  public var value: Value

  /// Makes an entry.
  public init(_ key: String, _ value: Value) {
    self.key = key
    self.value = value
  }
}

/// Sums over all inputs.
public struct CaptureSummary: Sendable, Hashable {
  /// A stretch of time that no input covers, `[from, to]` in nanoseconds since 1970.
  public struct Gap: Sendable, Hashable {
    /// Last packet before the gap.
    public var from: Int64
    /// First packet after the gap.
    public var to: Int64

    /// Makes a gap.
    public init(from: Int64, to: Int64) {
      self.from = from
      self.to = to
    }
  }

  /// Least packet time, nanoseconds since 1970; `nil` without packets.
  public var firstTime: Int64?
  /// Greatest packet time.
  public var lastTime: Int64?
  /// Packets analysed.
  public var packets: UInt64
  /// Sum of their original lengths.
  public var wireBytes: UInt64
  /// The same without duplicates.
  public var uniqueWireBytes: UInt64
  /// Packets that belong to no flow (ARP, STP, unknown).
  public var nonIPPackets: UInt64
  /// Fragments of datagrams that never became whole and belong to no flow.
  public var incompleteFragments: UInt64
  /// Gaps between inputs, in time order.
  public var gaps: [Gap]
  /// Copies of packets by where both were captured, the most first.
  public var duplicates: [DuplicateRoute]

  /// Makes a summary.
  public init(
    firstTime: Int64? = nil, lastTime: Int64? = nil, packets: UInt64 = 0, wireBytes: UInt64 = 0,
    uniqueWireBytes: UInt64 = 0, nonIPPackets: UInt64 = 0, incompleteFragments: UInt64 = 0,
    gaps: [Gap] = [], duplicates: [DuplicateRoute] = []
  ) {
    self.firstTime = firstTime
    self.lastTime = lastTime
    self.packets = packets
    self.wireBytes = wireBytes
    self.uniqueWireBytes = uniqueWireBytes
    self.nonIPPackets = nonIPPackets
    self.incompleteFragments = incompleteFragments
    self.gaps = gaps
    self.duplicates = duplicates
  }
}
