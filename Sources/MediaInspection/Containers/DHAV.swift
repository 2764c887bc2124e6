// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// Dahua DHAV frames (reference/camera-protocols.md B2; layout as FFmpeg's demuxer reads it).
///
/// ```
/// "DHAV" | type, subtype, channel, subnumber | number 32 LE | length 32 LE | date 32 LE |
/// milliseconds 16 LE | extension length 8 | checksum 8 | extension | data | "dhav" | length 32 LE
/// ```
struct DHAV: ContainerReader {
  static let container = Container.dhav
  static let framings = [MediaFraming.dhav]

  private static let headerLength = 24
  private static let trailerLength = 8
  private static let magic: UInt32 = 0x4448_4156
  /// Frames whose lengths chain before the container counts as proved (camera-protocols.md B1:
  /// decide by chaining three or more frames).
  private static let minimumFrames: UInt64 = 3

  private(set) var facts = ContainerFacts()
  private(set) var track: MediaTrack?

  private var scanner = StartCodeScanner(stopsAtPicture: true)
  private var window: UInt32 = 0
  private var header: [UInt8] = []
  private var remaining = 0
  private var trailer = 0
  private var isVideo = false
  private var isInSync = false
  private var skipped = 0
  private var videoFrames: UInt64 = 0
  /// The millisecond field of the last picture, and the time so far in ticks of 90 kHz.
  private var milliseconds: UInt16 = 0
  private var time: UInt64 = 0

  init() {}

  static func begins(_ payload: Span<UInt8>) -> Bool { payload.integer32(0) == Int(magic) }

  mutating func read(_ unit: MediaUnit, _ payload: Span<UInt8>) {
    if unit.followsGap {
      header.removeAll(keepingCapacity: true)
      remaining = 0
      trailer = 0
      isInSync = false
      window = 0
      scanner.noteGap()
    }
    var offset = 0
    while offset < payload.count {
      if remaining > 0 || trailer > 0 {
        let taken = min(remaining > 0 ? remaining : trailer, payload.count &- offset)
        if remaining > 0 {
          if isVideo { scanner.feed(payload.part(offset, offset &+ taken), unit, &track) }
          remaining &-= taken
        } else {
          trailer &-= taken
        }
        offset &+= taken
        continue
      }
      let byte = payload[offset]
      offset &+= 1
      if header.isEmpty {
        search(byte)
      } else {
        header.append(byte)
        if header.count >= Self.headerLength { finishHeader(unit) }
      }
    }
  }

  private mutating func search(_ byte: UInt8) {
    window = window &<< 8 | UInt32(byte)
    skipped &+= 1
    if window == Self.magic {
      for part: UInt8 in [0x44, 0x48, 0x41, 0x56] { header.append(part) }
    } else if isInSync, skipped > 4 {
      facts.tested &+= 1
      isInSync = false
    }
  }

  private mutating func finishHeader(_ unit: MediaUnit) {
    // Taken out while it is read, so that reading may change everything else.
    var taken: [UInt8] = []
    swap(&taken, &header)
    if readHeader(taken.span, unit) { taken.removeAll(keepingCapacity: true) }
    swap(&taken, &header)
  }

  /// Reads a part's header; false when more of its bytes are needed.
  private mutating func readHeader(_ bytes: Span<UInt8>, _ unit: MediaUnit) -> Bool {
    let type = bytes[4]
    let length = bytes.littleInteger32(12)
    let extensionLength = Int(bytes[22])
    let total = Self.headerLength &+ extensionLength
    let isKnown = 0xF0...0xF1 ~= type || 0xFC...0xFE ~= type
    guard isKnown, length >= total &+ Self.trailerLength, length < 1 << 24 else {
      facts.tested &+= 1
      isInSync = false
      window = 0
      return true
    }
    if bytes.count < total { return false }
    readExtension(bytes.part(from: Self.headerLength))
    facts.tested &+= 1
    facts.passed &+= 1
    if facts.packet == nil { facts.packet = unit.packet }
    isInSync = true
    window = 0
    skipped = 0
    remaining = length &- total &- Self.trailerLength
    trailer = Self.trailerLength
    isVideo = 0xFC...0xFE ~= type
    if isVideo {
      if facts.recordingDate == 0 {
        facts.recordingDate = UInt32(truncatingIfNeeded: bytes.littleInteger32(16))
      }
      noteTime(UInt16(truncatingIfNeeded: bytes.littleInteger16(20)))
      videoFrames &+= 1
      facts.saysVideo = true
      facts.isProof = videoFrames >= Self.minimumFrames
      scanner.begin(unit, &track)
    }
    return true
  }

  /// The milliseconds of a picture count on in 16 bits.
  private mutating func noteTime(_ field: UInt16) {
    if videoFrames > 0 { time &+= UInt64(field &- milliseconds) &* 90 }
    milliseconds = field
    facts.note(presentationTime: time, &track)
  }

  /// Tagged fields: 80 and 82 size, 81 codec and frame rate, 83 sound.
  private mutating func readExtension(_ bytes: Span<UInt8>) {
    var offset = 0
    while offset &+ 4 <= bytes.count {
      switch bytes[offset] {
      case 0x80:
        facts.width = 8 &* Int(bytes[offset &+ 2])
        facts.height = 8 &* Int(bytes[offset &+ 3])
        offset &+= 4
      case 0x81:
        facts.videoCodec = Self.videoCodec(bytes[offset &+ 2])
        facts.framesPerSecond = Double(bytes[offset &+ 3])
        if track == nil, let codec = facts.videoCodec, Codecs.reader(of: codec) != nil {
          track = MediaTrack(codec: codec)
        }
        offset &+= 4
      case 0x82:
        facts.width = bytes.littleInteger16(offset &+ 4)
        facts.height = bytes.littleInteger16(offset &+ 6)
        offset &+= 8
      case 0x83:
        facts.audioCodec = Self.audioCodec(bytes[offset &+ 2])
        offset &+= 4
      case 0x88, 0x8C, 0x91, 0x92, 0x93, 0x95, 0x9A, 0x9B, 0xB3:
        offset &+= 8
      default:
        offset &+= 4
      }
    }
  }

  private static func videoCodec(_ number: UInt8) -> Codec? {
    switch number {
    case 1: .mpeg4
    case 3: .mjpeg
    case 2, 4, 8: .h264
    case 12: .h265
    default: nil
    }
  }

  private static func audioCodec(_ number: UInt8) -> Codec? {
    switch number {
    case 7, 12, 16: .pcm
    case 10, 22: .g711u
    case 14: .g711a
    case 26: .aac
    case 31, 33: .mpegaudio
    default: nil
    }
  }
}

extension DHAV {
  mutating func exchange(with port: inout StatePort) {
    facts.exchange(with: &port)
    port.pass(&track)
    scanner.exchange(with: &port)
    port.pass(&window)
    port.pass(&header)
    port.pass(&remaining)
    port.pass(&trailer)
    port.pass(&isVideo)
    port.pass(&isInSync)
    port.pass(&skipped)
    port.pass(&videoFrames)
    port.pass(&milliseconds)
    port.pass(&time)
  }
}
