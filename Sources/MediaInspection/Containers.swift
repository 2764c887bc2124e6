// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
internal import ProtocolRecognition

/// A container or byte framing by its stable lower-case name.
public enum Container: String, Sendable, CaseIterable {
  /// MPEG transport stream, ISO/IEC 13818-1 §2.4.
  case mpegts
  /// MPEG program stream, ISO/IEC 13818-1 §2.5.
  case mpegps
  /// FLV tags and RTMP messages.
  case flv
  /// ISO base media file, fragmented or not.
  case fmp4
  /// Dahua DHAV frames.
  case dhav
  /// Xiongmai frames.
  case xiongmai
  /// JPEG images one after another.
  case jpeg
  /// H.264 or H.265 byte stream.
  case annexb
  /// Uncompressed pictures of GigE Vision.
  case gvsp
}

/// Facts that a container states or shows.
struct ContainerFacts: Sendable {
  /// Packets, packs, tags, boxes or frames looked at and those that were right.
  var tested: UInt64 = 0
  var passed: UInt64 = 0
  /// Program map read: nil when none was seen, otherwise whether its CRC was right.
  var hasValidProgramMap: Bool?
  /// stream_type values of the program map in its order, at most `maximumStreamTypes`.
  var streamTypes: [UInt8] = []
  /// Codecs named for video and for audio.
  var videoCodec: Codec?
  var audioCodec: Codec?
  /// Whether the container says that it carries video.
  var saysVideo = false
  /// Whether the structure alone proves that video is carried.
  var isProof = false
  /// Whether packets are marked as scrambled.
  var isScrambled = false
  /// Access units by the container's own 90 kHz time stamps; none when it has no such stamps.
  var clock = AccessUnitClock()
  /// Pictures of the bitstream that began before the first of these time stamps.
  private var picturesBeforeClock: UInt64 = 0
  /// Time stamps since the first parameter set, and whether each of them stood for one picture.
  private var stamps = 0
  private var stampsAreWhole = true
  /// Length of what was filmed as the container states it, in seconds; 0 when unknown.
  var statedSeconds = 0.0
  /// Whether the container was finished before it was sent: its tables list every picture.
  var isFinishedFile = false
  /// Size and rate stated by the container itself.
  var width = 0
  var height = 0
  var framesPerSecond = 0.0
  /// The packet that shows the structure best.
  var packet: PacketReference?
  /// The date field of the first picture that has one; 0 for none.
  var recordingDate: UInt32 = 0

  static let maximumStreamTypes = 16

  /// Takes the time stamp of the next picture to begin, `pictures` of the bitstream after its start.
  ///
  /// A packet with several pictures stamps the first of them (ISO/IEC 13818-1 §2.4.3.7), so that
  /// pictures are counted by their own headers where those can be read; before the first parameter
  /// set the two fields of a frame would be two of them.
  mutating func note(presentationTime: UInt64, _ track: inout MediaTrack?) {
    let pictures = track?.pictures ?? 0
    if clock.accessUnits == 0 || track?.parameterSets.contains(.sequence) != true {
      picturesBeforeClock = pictures &- clock.accessUnits
    }
    let time = UInt32(truncatingIfNeeded: presentationTime)
    let unstamped = unstampedPictures(pictures)
    if unstamped > 0 { stampsAreWhole = false }
    if track?.parameterSets.contains(.sequence) == true { stamps &+= 1 }
    _ = clock.note(time, after: unstamped)
    track?.notePresentationTime(time)
  }

  /// Stamps after which a stream is believed to stamp every picture: two seconds at the rate of most
  /// cameras, in which there are a key frame and many small pictures that could share a packet.
  private static let stampsOfTrust = 64

  /// Whether the time stamps alone tell the pictures, so that the bytes behind a picture's header
  /// need not be searched for others: those are nearly all of the stream.
  ///
  /// For transport streams only: a packet of a program stream is cut by length, and only the first of
  /// the small pictures that begin in it has a stamp, which may first happen after many large ones.
  var stampsEveryPicture: Bool { stampsAreWhole && stamps >= Self.stampsOfTrust }

  /// Pictures of the bitstream beyond those that the clock has counted.
  func unstampedPictures(_ pictures: UInt64) -> UInt64 {
    let counted = picturesBeforeClock &+ clock.accessUnits
    return pictures > counted ? pictures &- counted : 0
  }
}

/// Reads one container; one file in Containers/ each.
protocol ContainerReader: Sendable, StorableState {
  /// The container read.
  static var container: Container { get }
  /// The framings in which it may be found.
  static var framings: [MediaFraming] { get }
  /// Whether a unit may be the beginning of, or in the middle of, this container.
  static func begins(_ payload: Span<UInt8>) -> Bool
  /// Starts reading a stream.
  init()
  /// Reads one unit.
  mutating func read(_ unit: MediaUnit, _ payload: Span<UInt8>)
  /// What was learned.
  var facts: ContainerFacts { get }
  /// The first video stream inside, nil until one was found.
  var track: MediaTrack? { get }
}

/// The containers that are read, in the order in which they are tried.
enum Containers {
  static let table: [any ContainerReader.Type] = [
    TransportStream.self,
    ProgramStream.self,
    FlashVideo.self,
    ISOBaseMedia.self,
    DHAV.self,
    Xiongmai.self,
    JPEGImages.self,
    AnnexB.self,
    GigEVision.self,
  ]

  /// The container for `framing`: the first that begins like `payload`, otherwise the one that the
  /// framing is named for; nil for RTP payloads that begin like none.
  static func reader(
    of framing: MediaFraming, _ payload: Span<UInt8>
  ) -> (any ContainerReader.Type)? {
    for type in table where type.framings.contains(framing) && type.begins(payload) { return type }
    guard framing != .rtpPayload else { return nil }
    return table.first { $0.framings.first == framing }
  }
}

extension ContainerFacts: StorableState {
  mutating func exchange(with port: inout StatePort) {
    port.pass(&tested)
    port.pass(&passed)
    port.pass(&hasValidProgramMap, from: false) { $1.pass(&$0) }
    port.pass(&streamTypes)
    port.pass(&videoCodec)
    port.pass(&audioCodec)
    port.pass(&saysVideo)
    port.pass(&isProof)
    port.pass(&isScrambled)
    clock.exchange(with: &port)
    port.pass(&picturesBeforeClock)
    port.pass(&stamps)
    port.pass(&stampsAreWhole)
    port.pass(&statedSeconds)
    port.pass(&isFinishedFile)
    port.pass(&width)
    port.pass(&height)
    port.pass(&framesPerSecond)
    port.pass(&packet)
    port.pass(&recordingDate)
  }
}
