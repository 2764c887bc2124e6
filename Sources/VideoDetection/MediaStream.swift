// SPDX-License-Identifier: Apache-2.0

public import FlowTracking
public import PacketDecoding
public import ProtocolRecognition

/// One stream of media as it is reported: `media_streams` of the analysis.
public struct MediaStream: Sendable {
  /// Transport under the stream.
  public enum Transport: String, Sendable {
    /// Datagrams.
    case udp
    /// A TCP connection.
    case tcp
  }

  /// What the stream carries.
  public enum Media: String, Sendable {
    /// Moving pictures.
    case video
    /// Sound.
    case audio
    /// Not decidable.
    case unknown
  }

  /// Rank of the flow that carries it.
  public var flowID: Int
  /// The flow's place in its shard.
  package var place: FlowPlace
  /// Direction of the media in that flow.
  public var direction: FlowDirection
  /// Transport under the stream.
  public var transport: Transport
  /// How the media travels.
  public var kind: MediaStreamKind
  /// Name of the maker's protocol for `vendor`, otherwise empty.
  public var vendorProtocol: String = ""
  /// SSRC of RTP.
  public var synchronizationSource: UInt32?
  /// Payload type of RTP, 0 to 127.
  public var payloadType: UInt8?
  /// Who sends the media.
  public var sourceAddress: IPAddress
  /// Port of the sender.
  public var sourcePort: UInt16
  /// Who receives the media.
  public var destinationAddress: IPAddress
  /// Port of the receiver.
  public var destinationPort: UInt16
  /// What the stream carries.
  public var media: Media = .unknown
  /// Codec by its usual name (`H.264`), as the bitstream shows it, else as signalling names it.
  public var codec: String?
  /// Width in pixels.
  public var width: Int?
  /// Height in pixels.
  public var height: Int?
  /// Pictures a second.
  public var framesPerSecond: Double?
  /// Length of what was filmed, in seconds of the media's own clock, however fast it was sent.
  public var footageSeconds: Double?
  /// Seconds from key frame to key frame, by the media's own clock where it has one.
  public var keyFrameIntervalSeconds: Double?
  /// Capture times of key frames in nanoseconds since 1970, at most 128, spread over the stream.
  public var keyFrameTimes: [Int64] = []
  /// Clock of the timestamps in hertz.
  public var clockRate: Int?
  /// Packets, each sequence number once; for other kinds, media units.
  public var packets: UInt64 = 0
  /// Packets missing by sequence number; `nil` where there are no numbers.
  public var lost: UInt64?
  /// Interarrival jitter in seconds (RFC 3550 §6.4.1).
  public var jitterSeconds: Double?
  /// Packets whose sequence number was seen before; `nil` where there are no numbers.
  public var duplicates: UInt64?
  /// Packets that came behind a later one; `nil` where there are no numbers.
  public var reordered: UInt64?
  /// Pictures or sound units: runs of equal timestamps, or what the bitstream shows.
  public var frames: UInt64?
  /// Profile of the codec in words.
  public var profile: String?
  /// Media bits a second from the first to the last packet; `nil` under one second.
  public var meanBitsPerSecond: Double?
  /// Media bits of the fullest second.
  public var peakBitsPerSecond: UInt64?
  /// What RTCP says of the stream; `nil` without an SSRC.
  public var control: ControlReports?
  /// Media payload in bytes.
  public var bytes: UInt64 = 0
  /// First packet, nanoseconds since 1970.
  public var firstTime: Int64 = 0
  /// Last packet.
  public var lastTime: Int64 = 0
  /// Whether this stream alone is video.
  public var verdict: VideoVerdict = .noEvidence
  /// What speaks for the verdict.
  public var reasons: [Evidence] = []
  /// What speaks against it, or would be needed for more.
  public var counterReasons: [Evidence] = []
  /// Whether stored footage was asked for rather than the live picture.
  public var isStoredFootage = false
  /// Whether its container was finished before it was sent: a file, not a live stream.
  public var isFinishedFile = false
  /// Whether the payload is ciphered.
  public var isEncrypted = false
  /// The peer behind a relay.
  public var peerAddress: IPAddress?
  /// Port of the peer behind a relay.
  public var peerPort: UInt16?

  /// Makes a stream without facts.
  package init(
    flowID: Int, place: FlowPlace, direction: FlowDirection, transport: Transport,
    kind: MediaStreamKind, sourceAddress: IPAddress, sourcePort: UInt16,
    destinationAddress: IPAddress, destinationPort: UInt16
  ) {
    self.flowID = flowID
    self.place = place
    self.direction = direction
    self.transport = transport
    self.kind = kind
    self.sourceAddress = sourceAddress
    self.sourcePort = sourcePort
    self.destinationAddress = destinationAddress
    self.destinationPort = destinationPort
  }
}
