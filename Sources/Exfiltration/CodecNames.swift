// SPDX-License-Identifier: Apache-2.0

/// Codecs as their standards write them.
enum CodecNames {
  private static let names: [String: String] = [
    "h261": "H.261", "h263": "H.263", "h264": "H.264", "h265": "H.265", "h266": "H.266",
    "mjpeg": "Motion JPEG", "mpeg1video": "MPEG-1", "mpeg2video": "MPEG-2", "mpeg4": "MPEG-4",
    "vp8": "VP8", "vp9": "VP9", "av1": "AV1", "jpegxs": "JPEG XS", "jpeg2000": "JPEG 2000",
    "raw": "uncompressed", "svac": "SVAC", "avs": "AVS", "hik264": "Hikvision H.264",
  ]

  /// The name for sentences; of unknown ones what signalling called them.
  static func text(_ codec: String) -> String { names[codec] ?? codec }
}
