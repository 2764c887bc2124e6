// SPDX-License-Identifier: Apache-2.0

/// What kind of media a stream carries.
public enum MediaKind: String, Sendable {
  /// Moving pictures, or a series of still ones.
  case video
  /// Sound.
  case audio
  /// Neither shown.
  case unknown
}

/// A codec by its stable lower-case name, as reports print it.
public enum Codec: String, Sendable, CaseIterable {
  /// ITU-T H.261.
  case h261
  /// ITU-T H.263, all payload formats.
  case h263
  /// ITU-T H.264, MPEG-4 AVC.
  case h264
  /// ITU-T H.265, HEVC.
  case h265
  /// ITU-T H.266, VVC.
  case h266
  /// Motion JPEG, RFC 2435 or whole images.
  case mjpeg
  /// ISO/IEC 11172-2.
  case mpeg1video
  /// ISO/IEC 13818-2.
  case mpeg2video
  /// MPEG-4 part 2, ISO/IEC 14496-2.
  case mpeg4
  /// VP8, RFC 6386.
  case vp8
  /// VP9.
  case vp9
  /// AOMedia Video 1.
  case av1
  /// JPEG XS, ISO/IEC 21122.
  case jpegxs
  /// JPEG 2000.
  case jpeg2000
  /// Uncompressed pictures, RFC 4175 and ST 2110-20.
  case raw
  /// Surveillance video codec, GB/T 25724.
  case svac
  /// Chinese AVS.
  case avs
  /// Hikvision's own older video codec.
  case hik264
  /// MPEG-2 or MPEG-4 AAC.
  case aac
  /// G.711 A-law.
  case g711a
  /// G.711 mu-law.
  case g711u
  /// G.722, G.722.1.
  case g722
  /// G.723.1.
  case g723
  /// G.726, all rates.
  case g726
  /// G.729.
  case g729
  /// Opus, RFC 6716.
  case opus
  /// MPEG audio layers I to III.
  case mpegaudio
  /// Linear PCM.
  case pcm
  /// Dolby AC-3 and E-AC-3.
  case ac3
  /// Adaptive multi-rate speech, narrow or wide band.
  case amr
  /// GSM full rate.
  case gsm
  /// iLBC.
  case ilbc
  /// Speex.
  case speex

  /// Names of `a=rtpmap` encodings in upper case (IANA registry of RTP payload formats).
  private static let encodingNames: [String: Codec] = [
    "H261": .h261, "H263": .h263, "H263-1998": .h263, "H263-2000": .h263, "H264": .h264,
    "H264-SVC": .h264, "H265": .h265, "HEVC": .h265, "H266": .h266, "JPEG": .mjpeg,
    "MPV": .mpeg2video, "MP4V-ES": .mpeg4, "MPEG4": .mpeg4, "VP8": .vp8, "VP9": .vp9, "AV1": .av1,
    "AV1X": .av1, "JXSV": .jpegxs, "JPEG2000": .jpeg2000, "RAW": .raw, "SVAC": .svac,
    "SVACV": .svac, "MPEG4-GENERIC": .aac, "MP4A-LATM": .aac, "AAC": .aac, "PCMA": .g711a,
    "PCMU": .g711u, "G711A": .g711a, "G711U": .g711u, "G722": .g722, "G7221": .g722,
    "G722.1": .g722, "G723": .g723, "G726-16": .g726, "G726-24": .g726, "G726-32": .g726,
    "G726-40": .g726, "AAL2-G726-16": .g726, "AAL2-G726-24": .g726, "AAL2-G726-32": .g726,
    "AAL2-G726-40": .g726, "G729": .g729, "OPUS": .opus, "MPA": .mpegaudio,
    "MPA-ROBUST": .mpegaudio, "L8": .pcm, "L16": .pcm, "L20": .pcm, "L24": .pcm, "AC3": .ac3,
    "EAC3": .ac3, "AMR": .amr, "AMR-WB": .amr, "GSM": .gsm, "ILBC": .ilbc, "SPEEX": .speex,
  ]

  /// The codec of an `a=rtpmap` encoding name, letters compared without case; nil for names of
  /// containers (`MP2T`, `PS`), of helpers (`telephone-event`, `rtx`) and for unknown names.
  public init?(rtpEncodingName: String) {
    guard let codec = Self.encodingNames[rtpEncodingName.uppercased()] else { return nil }
    self = codec
  }

  /// Whether the codec codes pictures or sound.
  public var kind: MediaKind {
    switch self {
    case .h261, .h263, .h264, .h265, .h266, .mjpeg, .mpeg1video, .mpeg2video, .mpeg4, .vp8, .vp9,
      .av1, .jpegxs, .jpeg2000, .raw, .svac, .avs, .hik264:
      .video
    case .aac, .g711a, .g711u, .g722, .g723, .g726, .g729, .opus, .mpegaudio, .pcm, .ac3, .amr,
      .gsm, .ilbc, .speex:
      .audio
    }
  }
}
