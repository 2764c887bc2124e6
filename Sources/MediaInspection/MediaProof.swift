// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// One reason why a stream is, or is not, believed to be what it seems.
public struct MediaEvidence: Sendable {
  /// Stable identifier of the rule, as in `codec-plausible`.
  public let rule: String
  /// The reason in words, without text from packets.
  public let text: String
  /// The value measured.
  public let value: Double
  /// The value that was asked for; 0 where the rule has none.
  public let threshold: Double
  /// Whether the reason speaks for the finding.
  public let holds: Bool
  /// At most three packets to look at.
  public let packets: [PacketReference]
}

/// What the bitstream of one media stream shows.
public struct MediaProof: Sendable {
  /// Whether pictures or sound are carried, by the bitstream, else by the container or signalling.
  public var kind = MediaKind.unknown
  /// The codec: by the bitstream, else by the container, else by signalling.
  public var codec: Codec?
  /// The codec that the bitstream itself shows.
  public var codecFromBitstream: Codec?
  /// The codec that signalling named.
  public var codecHint: Codec?
  /// Whether bitstream and signalling name the same codec; nil when one of them is silent.
  public var codecsAgree: Bool?
  /// The container inside the transport, nil for bare RTP payload formats.
  public var container: Container?
  /// Width in pixels, cropping applied.
  public var width: Int?
  /// Height in pixels, cropping applied.
  public var height: Int?
  /// Frames per second that the bitstream or container states.
  public var statedFramesPerSecond: Double?
  /// Frames per second by the media's own time stamps and the pictures between them.
  public var measuredFramesPerSecond: Double?
  /// Length of what was filmed, in seconds of the media's own clock; how long it took to send it is
  /// another matter.
  public var footageSeconds: Double?
  /// Whether the container was finished before it was sent: its tables list every picture.
  public var isFinishedFile = false
  /// Profile in words, empty when unknown.
  public var profile = ""
  /// Level in words, empty when unknown.
  public var level = ""
  /// Whether parameter sets or sequence headers were read from the bitstream.
  public var hasParameterSets = false
  /// Pictures at which decoding can begin: intra-coded key frames, and recovery points of H.264
  /// streams that refresh gradually (ITU-T H.264 §D.2.8).
  public var keyFrames: UInt64 = 0
  /// Capture times of key frames in nanoseconds since 1970, at most 128, spread over the stream.
  public var keyFrameTimes: [Int64] = []
  /// Median distance of key frames by capture time, in seconds.
  public var keyFrameIntervalSeconds: Double?
  /// Distinct access units: runs of RTP timestamps, presentation times or picture headers.
  public var accessUnits: UInt64 = 0
  /// Media units or units of the bitstream whose form was tested.
  public var unitsTested: UInt64 = 0
  /// Those among them that the codec or container allows.
  public var unitsPassed: UInt64 = 0
  /// Whether the payload looks like ciphertext: unit types uniformly spread, slices contradictory,
  /// or marked as scrambled.
  public var isEncryptionSuspected = false
  /// Program map of MPEG-TS or MPEG-PS: nil when none was seen, otherwise whether its CRC is right.
  public var programMapValid: Bool?
  /// stream_type numbers of the program map, in its order.
  public var streamTypes: [UInt8] = []
  /// Codec of the sound that a container carries beside the video.
  public var audioCodec: Codec?
  /// The reasons, for and against.
  public var evidence: [MediaEvidence] = []
  /// Whether the bitstream or its container proves video on its own (classifier.md 3.2 rule 7 and
  /// "other protocol proof"); RTP adds its own level 3.
  public var isBitstreamProved = false

  /// Nothing is known yet.
  package init() {}
}
