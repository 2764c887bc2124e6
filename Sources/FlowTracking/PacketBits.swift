// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// `PacketFlags` as plain bits.
///
/// Its members belong to another module and are calls from here, up to eight a packet (measured: 80
/// instructions). A test compares the two.
enum PacketBits {
  static var isReversed: UInt32 { 1 << 0 }
  static var hasNetworkLayer: UInt32 { 1 << 1 }
  static var hasTransportHeader: UInt32 { 1 << 2 }
  static var isTruncated: UInt32 { 1 << 3 }
  static var isFragment: UInt32 { 1 << 4 }
  static var isJoined: UInt32 { 1 << 6 }
  static var isOpaqueWireless: UInt32 { 1 << 8 }
  static var isHeldFragment: UInt32 { 1 << 12 }
  static var hasWirelessHeader: UInt32 { 1 << 13 }
  static var lacksPorts: UInt32 { 1 << 16 }
}

extension DecodedPacket {
  /// Whether any of the bits of `PacketBits` is set.
  @inline(__always)
  func has(_ bits: UInt32) -> Bool { flags.rawValue & bits != 0 }
}
