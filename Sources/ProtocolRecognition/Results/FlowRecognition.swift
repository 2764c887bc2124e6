// SPDX-License-Identifier: Apache-2.0

public import FlowTracking
public import PacketDecoding

/// A fact that a flow's own bytes told about one of its ends.
public struct FlowFact: Sendable, Hashable {
  /// What kind of fact.
  public enum Kind: String, Sendable, Comparable {
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
public enum MediaIntent: String, Sendable {
  /// The originator sends media (RTSP ANNOUNCE and RECORD, RTMP publish).
  case originatorSends = "originator_sends"
  /// The responder sends media (RTSP PLAY, RTMP play).
  case responderSends = "responder_sends"
}

/// What recognition learnt of one flow.
///
/// Most flows have a service and nothing else, so the rest is kept apart: 40 bytes a flow instead
/// of 120.
public struct FlowRecognition: Sendable {
  /// What few flows have.
  private struct Rest: Sendable {
    var serverName: String?
    var details: [FlowFact] = []
    var storedFootage: PacketReference?
    var innerServices: [Service] = []
  }

  /// Index of the flow in its shard.
  package var flow: UInt32
  /// What it speaks; `nil` when nothing was certain.
  public var service: Service?
  /// Which way media was asked to run.
  public var intent: MediaIntent?
  /// Whether STUN or DTLS with `use_srtp` ran on the flow.
  public var isWebRTC = false
  private var evidenceFile = UInt32.max
  private var evidenceFrame: UInt64 = 0
  private var evidenceTime: Int64 = 0
  /// Empty or one element.
  private var rest: [Rest] = []

  /// Knows nothing of a flow yet.
  package init(flow: UInt32) { self.flow = flow }

  /// The packet that decided the service.
  public var evidence: PacketReference? {
    get {
      evidenceFile == .max
        ? nil : PacketReference(file: evidenceFile, frame: evidenceFrame, time: evidenceTime)
    }
    set {
      evidenceFile = newValue?.file ?? .max
      evidenceFrame = newValue?.frame ?? 0
      evidenceTime = newValue?.time ?? 0
    }
  }

  /// Whether a fact is known already.
  func has(_ kind: FlowFact.Kind, _ text: Span<UInt8>, _ direction: FlowDirection) -> Bool {
    guard !rest.isEmpty else { return false }
    for index in rest[0].details.indices
    where rest[0].details[index].kind == kind && rest[0].details[index].direction == direction
      && rest[0].details[index].text.utf8.span.hasSameBytes(as: text)
    {
      return true
    }
    return false
  }

  private mutating func openRest() {
    if rest.isEmpty { rest.append(Rest()) }
  }

  /// Name of the server: TLS server name, HTTP `Host`, RTSP host.
  public var serverName: String? {
    get { rest.first?.serverName }
    set {
      openRest()
      rest[0].serverName = newValue
    }
  }

  /// Facts in order of their packets, at most 16.
  public var details: [FlowFact] {
    get { rest.first?.details ?? [] }
    set {
      openRest()
      rest[0].details = newValue
    }
    // In place, so that adding a fact does not copy the others.
    _modify {
      openRest()
      yield &rest[0].details
    }
  }

  /// A request for stored footage (playback URLs, GB/T 28181 playback), and its packet.
  public var storedFootage: PacketReference? {
    get { rest.first?.storedFootage }
    set {
      openRest()
      rest[0].storedFootage = newValue
    }
  }

  /// Payload inside payload: services met in tunnels or bodies of this flow.
  public var innerServices: [Service] {
    get { rest.first?.innerServices ?? [] }
    set {
      openRest()
      rest[0].innerServices = newValue
    }
    _modify {
      openRest()
      yield &rest[0].innerServices
    }
  }
}
