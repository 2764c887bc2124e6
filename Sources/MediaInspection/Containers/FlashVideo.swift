// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// Bodies of FLV tags and RTMP messages (Adobe FLV 10.1 Annex E.4; Enhanced RTMP v2).
///
/// ```
/// legacy    | frame type 4 | codec 4 | AVC packet type 8 | composition time 24 | data
/// enhanced  | 1 | frame type 3 | packet type 4 | FourCC 32 | [composition time 24] | data
/// ```
struct FlashVideo: ContainerReader {
  static let container = Container.flv
  static let framings = [MediaFraming.flvTag]

  /// Video messages that are proof of video (classifier.md 3.2, other protocol proof).
  static let minimumVideoMessages: UInt64 = 10
  private static let audioMessage: UInt8 = 8
  private static let videoMessage: UInt8 = 9

  private(set) var facts = ContainerFacts()
  private(set) var track: MediaTrack?
  private var lengthSize = 4
  private var videoMessages: UInt64 = 0

  init() {}

  static func begins(_ payload: Span<UInt8>) -> Bool { true }

  mutating func read(_ unit: MediaUnit, _ payload: Span<UInt8>) {
    if unit.subtype == Self.audioMessage {
      readAudio(payload)
    } else if unit.subtype == Self.videoMessage {
      facts.tested &+= 1
      if readVideo(payload, unit) {
        facts.passed &+= 1
        videoMessages &+= 1
        if facts.packet == nil { facts.packet = unit.packet }
      }
      facts.saysVideo = videoMessages > 0
      facts.isProof = videoMessages >= Self.minimumVideoMessages
    }
  }

  private mutating func readAudio(_ payload: Span<UInt8>) {
    guard facts.audioCodec == nil else { return }
    // SoundFormat (E.4.2.1).
    switch payload.byte(0) >> 4 {
    case 0, 3: facts.audioCodec = .pcm
    case 2, 14: facts.audioCodec = .mpegaudio
    case 7: facts.audioCodec = .g711a
    case 8: facts.audioCodec = .g711u
    case 10: facts.audioCodec = .aac
    case 11: facts.audioCodec = .speex
    default: break
    }
  }

  private mutating func readVideo(_ payload: Span<UInt8>, _ unit: MediaUnit) -> Bool {
    guard payload.count >= 2 else { return false }
    let isEnhanced = payload[0] & 0x80 != 0
    let frameType = payload[0] >> 4 & 7
    guard 1...5 ~= frameType else { return false }
    if isEnhanced { return readEnhanced(payload, unit, frameType) }
    let codec: Codec
    switch payload[0] & 0xF {
    case 2: codec = .h263
    case 7: codec = .h264
    case 12: codec = .h265
    case 13: codec = .av1
    default: return false
    }
    if codec == .h263 {
      begin(codec)
      countPicture(frameType, unit)
      return true
    }
    // AVC packet type: 0 configuration, 1 pictures, 2 end of sequence.
    guard payload.count >= 5, payload[1] <= 2 else { return false }
    begin(codec)
    if payload[1] == 0 { return readConfiguration(payload.part(from: 5), unit) }
    guard payload[1] == 1 else { return true }
    return readPicture(payload.part(from: 5), frameType, unit)
  }

  private mutating func readEnhanced(
    _ payload: Span<UInt8>, _ unit: MediaUnit, _ frameType: UInt8
  ) -> Bool {
    guard payload.count >= 5 else { return false }
    let codec: Codec
    switch payload.integer32(1) {
    case 0x6176_6331: codec = .h264
    case 0x6876_6331: codec = .h265
    case 0x6176_3031: codec = .av1
    case 0x7670_3038: codec = .vp8
    case 0x7670_3039: codec = .vp9
    case 0x7676_6331: codec = .h266
    default: return false
    }
    begin(codec)
    switch payload[0] & 0xF {
    case 0: return readConfiguration(payload.part(from: 5), unit)
    case 1:
      // CodedFrames of AVC, HEVC and VVC carry a composition time.
      let hasTime = codec == .h264 || codec == .h265 || codec == .h266
      return readPicture(payload.part(from: hasTime ? 8 : 5), frameType, unit)
    case 3: return readPicture(payload.part(from: 5), frameType, unit)
    case 2, 4, 5: return true
    default: return false
    }
  }

  private mutating func begin(_ codec: Codec) {
    facts.videoCodec = codec
    if track?.codec != codec { track = MediaTrack(codec: codec) }
  }

  private mutating func readConfiguration(_ record: Span<UInt8>, _ unit: MediaUnit) -> Bool {
    guard let codec = track?.codec, let reader = Codecs.reader(of: codec) else { return true }
    if let size = track?.readConfiguration(record, unit, reader) {
      lengthSize = size
      return true
    }
    // VP8 has no record, and those of VP9 and AV1 may be empty.
    return codec != .h264 && codec != .h265
  }

  private mutating func readPicture(
    _ data: Span<UInt8>, _ frameType: UInt8, _ unit: MediaUnit
  ) -> Bool {
    countPicture(frameType, unit)
    guard let codec = track?.codec, codec == .h264 || codec == .h265,
      let reader = Codecs.reader(of: codec)
    else { return true }
    // Length-prefixed NAL units; the message may be cut, so the last may reach beyond it.
    var offset = 0
    var passed = true
    while offset &+ lengthSize < data.count {
      var size = 0
      for index in 0..<lengthSize { size = size &<< 8 | Int(data.byte(offset &+ index)) }
      offset &+= lengthSize
      guard size > 0 else { return false }
      let reading = track?.readWithoutCounting(
        data.part(offset, min(offset &+ size, offset &+ H264.parameterSetLimit)), unit, reader)
      if reading?.contains(.plausible) != true { passed = false }
      track?.count(passed: reading?.contains(.plausible) == true)
      if reading?.contains(.picture) == true || size > data.count { break }
      offset &+= size
    }
    return passed
  }

  private mutating func countPicture(_ frameType: UInt8, _ unit: MediaUnit) {
    track?.pictures &+= 1
    _ = facts.clock.note(unit.timestamp &* 90)
    // 1 is a key frame, 4 one made by a server.
    if frameType == 1 || frameType == 4 {
      track?.noteKeyFrame(unit.packet, timestamp: unit.timestamp &* 90)
    }
  }
}

extension FlashVideo {
  mutating func exchange(with port: inout StatePort) {
    facts.exchange(with: &port)
    port.pass(&track)
    port.pass(&lengthSize)
    port.pass(&videoMessages)
  }
}
