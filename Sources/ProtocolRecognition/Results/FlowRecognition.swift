// SPDX-License-Identifier: Apache-2.0

public import FlowTracking
public import PacketDecoding

/// A fact that a flow's own bytes told about one of its ends.
public struct FlowFact: Sendable, Hashable {
  /// What kind of fact.
  public enum Kind: String, Sendable, Comparable, BitwiseCopyable {
    /// HTTP, RTSP or SIP `Server`.
    case server
    /// HTTP, RTSP or SIP `User-Agent`, SSH client banner.
    case userAgent = "user_agent"
    /// Realm of an authentication challenge.
    case realm
    /// User name, masked except for its first character.
    case userName = "user_name"
    /// Path of a request, its query removed.
    case path
    /// Application protocol agreed in TLS (ALPN).
    case applicationProtocol = "alpn"
    /// Fingerprint of a TLS client.
    case ja4
    /// Subject or alternative name of a certificate.
    case certificateName = "certificate_name"
    /// Content type of a body.
    case contentType = "content_type"
    /// First line a server sent.
    case banner
    /// RTMP application, stream identifier of SRT.
    case application
    /// STUN `SOFTWARE` or another product text.
    case software
    /// Serial number or device identifier.
    case serial
    /// Path of a file that was sent.
    case upload
    /// Path of a file that was asked for.
    case download
    /// Path of a file that was asked for, by its name firmware.
    case firmwareDownload = "firmware_download"
    /// Method and path, or operation, of a request that changes a configuration.
    case configurationWrite = "configuration_write"
    /// Anything else worth a line.
    case note

    /// Orders by name.
    public static func < (lhs: Kind, rhs: Kind) -> Bool { lhs.rawValue < rhs.rawValue }
  }

  /// What kind of fact.
  public var kind: Kind
  /// The text as sent, at most 255 bytes; hostile, to be escaped by whoever prints it.
  public var text: String
  /// Who sent it.
  public var direction: FlowDirection
  /// Where it stands.
  public var packet: PacketReference
}

extension FlowFact {
  /// Makes a fact that was read back from a saved analysis.
  package init(saved kind: Kind, text: String, direction: FlowDirection, packet: PacketReference) {
    self.init(kind: kind, text: text, direction: direction, packet: packet)
  }
}

/// Which way media was asked to run, by the signalling on the flow itself.
public enum MediaIntent: String, Sendable, BitwiseCopyable {
  /// The originator sends media (RTSP ANNOUNCE and RECORD, RTMP publish).
  case originatorSends = "originator_sends"
  /// The responder sends media (RTSP PLAY, RTMP play).
  case responderSends = "responder_sends"
}

/// What recognition learnt of one flow.
///
/// Names and facts stay in the log of their shard until they are asked for: most flows are never
/// printed, and their texts repeat.
public struct FlowRecognition: Sendable {
  /// What was set after the capture had been read, in place of what the log says.
  struct Amendment: Sendable {
    var evidence: PacketReference?
    var serverName: String?
    var details: [FlowFact]
    var storedFootage: PacketReference?
    var innerServices: [Service]
  }

  private(set) var record: FlowRecord
  private(set) var log: FlowLog.Archive?
  /// Empty or one element.
  private(set) var amendment: [Amendment]

  /// Knows nothing of a flow yet.
  package init(flow: UInt32) { self.init(FlowRecord(flow: flow), nil, []) }

  init(_ record: FlowRecord, _ log: FlowLog.Archive?, _ amendment: [Amendment]) {
    self.record = record
    self.log = log
    self.amendment = amendment
  }

  /// Index of the flow in its shard.
  package var flow: UInt32 { record.flow }

  /// What it speaks; `nil` when nothing was certain.
  public var service: Service? {
    get { record.service }
    set { record.service = newValue }
  }

  /// Which way media was asked to run.
  public var intent: MediaIntent? {
    get { record.intent }
    set { record.intent = newValue }
  }

  /// Whether STUN or DTLS with `use_srtp` ran on the flow.
  public var isWebRTC: Bool {
    get { record.isWebRTC }
    set { record.isWebRTC = newValue }
  }

  /// The packet that decided the service.
  public var evidence: PacketReference? {
    get {
      if let amendment = amendment.first { return amendment.evidence }
      return log?.log.packet(record.evidence)
    }
    set {
      amend()
      amendment[0].evidence = newValue
    }
  }

  /// Name of the server: TLS server name, HTTP `Host`, RTSP host.
  public var serverName: String? {
    get {
      if let amendment = amendment.first { return amendment.serverName }
      return record.serverName == FlowLog.none ? nil : log?.log.texts[record.serverName]
    }
    set {
      amend()
      amendment[0].serverName = newValue
    }
  }

  /// Facts in order of their packets, at most 16.
  ///
  /// - Complexity: O(facts); makes a string of each.
  public var details: [FlowFact] {
    get { amendment.first?.details ?? log?.log.facts(of: record) ?? [] }
    set {
      amend()
      amendment[0].details = newValue
    }
  }

  /// The facts of some kinds, in order; makes strings of these only.
  package func details(where isWanted: (FlowFact.Kind) -> Bool) -> [FlowFact] {
    if let amendment = amendment.first { return amendment.details.filter { isWanted($0.kind) } }
    return log?.log.facts(of: record, where: isWanted) ?? []
  }

  /// A request for stored footage (playback URLs, GB/T 28181 playback), and its packet.
  public var storedFootage: PacketReference? {
    get {
      if let amendment = amendment.first { return amendment.storedFootage }
      return log?.log.rareFacts(of: record)?.storedFootage
    }
    set {
      amend()
      amendment[0].storedFootage = newValue
    }
  }

  /// Payload inside payload: services met in tunnels or bodies of this flow.
  public var innerServices: [Service] {
    get {
      amendment.first?.innerServices ?? log?.log.rareFacts(of: record)?.innerServices ?? []
    }
    set {
      amend()
      amendment[0].innerServices = newValue
    }
  }

  /// Copies what the log says, so that it can be changed.
  mutating func amend() {
    guard amendment.isEmpty else { return }
    amendment = [
      Amendment(
        evidence: evidence, serverName: serverName, details: details, storedFootage: storedFootage,
        innerServices: innerServices)
    ]
  }
}
