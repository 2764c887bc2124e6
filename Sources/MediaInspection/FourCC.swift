// SPDX-License-Identifier: Apache-2.0

/// Four-character codes of ISO base media files as big-endian numbers (ISO/IEC 14496-12 and -15).
enum FourCC {
  static let ftyp = 0x6674_7970
  static let styp = 0x7374_7970
  static let moov = 0x6D6F_6F76
  static let moof = 0x6D6F_6F66
  static let mdat = 0x6D64_6174
  static let sidx = 0x7369_6478
  static let emsg = 0x656D_7367
  static let free = 0x6672_6565
  static let skip = 0x736B_6970
  static let prft = 0x7072_6674
  static let mfra = 0x6D66_7261
  static let uuid = 0x7575_6964
  static let wide = 0x7769_6465
  static let meta = 0x6D65_7461
  static let pdin = 0x7064_696E
  static let trak = 0x7472_616B
  static let mdia = 0x6D64_6961
  static let minf = 0x6D69_6E66
  static let stbl = 0x7374_626C
  static let tkhd = 0x746B_6864
  static let mdhd = 0x6D64_6864
  static let hdlr = 0x6864_6C72
  static let stsd = 0x7374_7364
  static let stts = 0x7374_7473
  static let mvex = 0x6D76_6578
  static let trex = 0x7472_6578
  static let vide = 0x7669_6465
  static let traf = 0x7472_6166
  static let tfhd = 0x7466_6864
  static let trun = 0x7472_756E
  static let avcC = 0x6176_6343
  static let hvcC = 0x6876_6343
  static let av1C = 0x6176_3143
  static let vpcC = 0x7670_6343
  static let encv = 0x656E_6376

  /// The codec of a visual sample entry.
  static func videoCodec(_ format: Int) -> Codec? {
    switch format {
    case 0x6176_6331, 0x6176_6333: .h264
    case 0x6876_6331, 0x6865_7631: .h265
    case 0x7676_6331, 0x7676_6931: .h266
    case 0x6176_3031: .av1
    case 0x7670_3038: .vp8
    case 0x7670_3039: .vp9
    case 0x6D70_3476: .mpeg4
    case 0x6A70_6567, 0x6D6A_7061: .mjpeg
    default: nil
    }
  }

  /// The codec of an audio sample entry.
  static func audioCodec(_ format: Int) -> Codec? {
    switch format {
    case 0x6D70_3461: .aac
    case 0x4F70_7573: .opus
    case 0x616C_6177: .g711a
    case 0x756C_6177: .g711u
    case 0x6163_2D33, 0x6563_2D33: .ac3
    default: nil
    }
  }
}
