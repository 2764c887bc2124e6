// SPDX-License-Identifier: Apache-2.0

public import FlowTracking
public import PacketDecoding

/// How a media stream travels.
public enum MediaStreamKind: String, Sendable {
  /// RTP in datagrams, SRTP included.
  case rtp
  /// RTP in `$` frames of an RTSP connection.
  case rtspInterleaved = "rtsp_interleaved"
  /// MPEG transport stream in datagrams or a TCP stream.
  case mpegts
  /// MPEG program stream outside RTP.
  case mpegps
  /// RTMP messages.
  case rtmp
  /// SRT data packets.
  case srt
  /// Media known to run by WebRTC signalling without readable RTP.
  case webrtc
  /// Bodies of HTTP messages.
  case http
  /// A camera maker's own protocol.
  case vendor
}

/// A codec named by signalling.
public struct CodecHint: Sendable, Hashable {
  /// Encoding name as in `a=rtpmap`, upper case (`H264`, `H265`, `PCMA`, `MP2T`, `PS`).
  public var name: String
  /// Clock rate in hertz, 0 when unknown.
  public var clockRate: Int
  /// Media type of the SDP (`video`, `audio`, `application`), empty when unknown.
  public var media: String
  /// Where it was said: `sdp`, `static_payload_type`, `rtmp`, `container`.
  public var source: String
}

/// RTP facts of a media stream.
public struct RTPRecord: Sendable {
  /// Sequence, clock and counters.
  public var stream: RTPStreamValidator
  /// The sender's own totals, by its RTCP sender reports.
  public var senderReports: RTCPSenderHistory?
  /// Sender totals of the last RTCP sender report.
  public var senderReport: RTCPSenderReport? { senderReports?.last }
  /// Receiver reports of the far end that name this stream.
  public var receiverReports: UInt64 = 0
  /// Highest sequence number with cycles that the far end reported.
  public var receiverHighestSequence: UInt32?
  /// Cumulative loss that the far end reported.
  public var receiverLost: Int32?
  /// Requests for a new picture (PLI, FIR) of the far end.
  public var pictureRequests: UInt64 = 0
  /// Time of an RTCP BYE, nanoseconds since 1970.
  public var byeTime: Int64?

  package init(stream: RTPStreamValidator) { self.stream = stream }
}

/// RTP facts apart from their stream, which has none before the capture is over: streams are many.
private final class RTPBox: Sendable {
  let record: RTPRecord

  init(_ record: RTPRecord) { self.record = record }
}

/// One stream of media: what it is by its transport, before its bitstream is looked at.
public struct MediaStreamRecord: Sendable {
  /// Index of the stream in its shard; `MediaUnit.stream`.
  package var stream: UInt32
  /// Index of the flow in its shard.
  package var flow: UInt32
  /// Direction in which the media runs.
  public var direction: FlowDirection
  /// Whether the flow is TCP.
  public var isOverTCP: Bool
  /// How it travels.
  public var kind: MediaStreamKind
  /// Name of the maker's protocol for `vendor`, otherwise empty.
  public var vendorProtocol = ""
  /// RTP facts, for streams with an SSRC.
  public var rtp: RTPRecord? {
    get { rtpBox?.record }
    set { rtpBox = newValue.map(RTPBox.init) }
  }
  private var rtpBox: RTPBox?
  /// Media units handed to MediaInspection.
  public var units: UInt64 = 0
  /// Captured media bytes handed to MediaInspection; for RTP see ``RTPStreamValidator/payloadBytes``.
  public var bytes: UInt64 = 0
  /// Media bytes of the fullest second.
  public var rate = PeakRate()
  /// Time of the first unit, nanoseconds since 1970.
  public var firstTime: Int64 = 0
  /// Time of the last unit.
  public var lastTime: Int64 = 0
  /// At most three packets to look at.
  public var evidence: [PacketReference] = []
  /// Codec by signalling, with its source.
  public var codecHint: CodecHint?
  /// The packet whose signalling announced this stream.
  public var announcedBy: PacketReference?
  /// Out-of-band parameter sets (`sprop-*`), decoded from base64.
  package var parameterSets: [[UInt8]] = []
  /// Whether the payload travels ciphered by the transport (SRTP by WebRTC, SRT with a key).
  public var isEncrypted = false
  /// Whether STUN or DTLS ran on the same five-tuple.
  public var isWebRTC = false
  /// Whether the signalling asked for stored footage.
  public var isStoredFootage = false
  /// The relayed peer when the stream travels through TURN.
  public var peerAddress: IPAddress?
  /// Port of the relayed peer.
  public var peerPort: UInt16 = 0

  /// Whether the units are single pictures of ordinary HTTP messages (as opposed to a running
  /// `multipart` stream): web pages, thumbnails, snapshots.
  public var isStillImages = false

  package init(
    stream: UInt32, flow: UInt32, direction: FlowDirection, isOverTCP: Bool, kind: MediaStreamKind
  ) {
    self.stream = stream
    self.flow = flow
    self.direction = direction
    self.isOverTCP = isOverTCP
    self.kind = kind
  }

  /// Pictures in one direction of a connection from which on they are worth a line.
  static let manyImages: UInt64 = 10

  /// Whether the transport alone shows a stream worth a line in a report: RTP that is at least
  /// consistent, shaped RTP that signalling announced, WebRTC set up, a static payload type or a
  /// usual clock supports, and every other kind.
  public var isReportable: Bool {
    guard let rtp else { return units > (isStillImages ? Self.manyImages : 0) }
    switch rtp.stream.level {
    case .unproven: return announcedBy != nil
    case .shaped:
      return announcedBy != nil || isWebRTC || kind == .rtspInterleaved
        || rtp.stream.hasProvisionalClock
        || (rtp.stream.hasPlausibleTimestamps
          && RTPStaticPayloadTypes.name(rtp.stream.payloadType) != nil)
    case .consistent, .proven: return true
    }
  }
}
