// SPDX-License-Identifier: Apache-2.0

/// stream_type of program maps (ISO/IEC 13818-1 table 2-34, GB/T 28181 Annex C, and the types that
/// camera makers took for themselves: reference/camera-protocols.md A8 and A9).
enum StreamTypes {
  /// The codec of `type`, nil when it names none.
  static func codec(_ type: UInt8) -> Codec? {
    switch type {
    case 0x01: .mpeg1video
    case 0x02: .mpeg2video
    case 0x03, 0x04: .mpegaudio
    case 0x0F, 0x11: .aac
    case 0x10: .mpeg4
    case 0x1B: .h264
    case 0x21: .jpeg2000
    case 0x24: .h265
    case 0x33: .h266
    case 0x42: .avs
    case 0x80: .svac
    case 0x81, 0x87: .ac3
    case 0x90: .g711a
    case 0x91: .g711u
    case 0x92: .g722
    case 0x93: .g723
    case 0x99: .g729
    case 0x9B: .svac
    case 0xB0: .hik264
    case 0xB1: .mjpeg
    default: nil
    }
  }

  /// Types that name video in a standard, not a maker's habit (classifier.md 3.2).
  static let standardVideo: Set<UInt8> = [0x01, 0x02, 0x10, 0x1B, 0x24, 0x33]
}
