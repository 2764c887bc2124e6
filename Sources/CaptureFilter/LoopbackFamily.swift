// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// The address family before each packet of a BSD loopback, as the filter program expects it.
///
/// The family has the byte order of the machine that captured, and IPv6 another number on each
/// system. A program compiled without a file knows this machine's order and number alone.
struct LoopbackFamily {
  private let isNetworkOrder: Bool

  /// IPv6 on NetBSD and OpenBSD, FreeBSD, Darwin, Linux.
  private static let sixes: Set<UInt32> = [24, 28, 30, 10]
  #if canImport(Darwin)
  private static let ownSix: UInt32 = 30
  #else
  private static let ownSix: UInt32 = 10
  #endif

  /// Nil for link types without the family.
  init?(_ linkType: LinkType) {
    switch linkType {
    case .null: isNetworkOrder = false
    case .loop: isNetworkOrder = true
    default: return nil
    }
  }

  /// A copy of the packet whose family is this machine's.
  func normalised(_ bytes: Span<UInt8>) -> [UInt8] {
    let little =
      UInt32(bytes[0]) | UInt32(bytes[1]) << 8 | UInt32(bytes[2]) << 16 | UInt32(bytes[3]) << 24
    // Families are small numbers: one above 16 bits was written in the other order.
    var family = little > 0xffff ? little.byteSwapped : little
    if Self.sixes.contains(family) { family = Self.ownSix }
    let written = isNetworkOrder ? family.bigEndian : family
    return [UInt8](capacity: bytes.count) { copy in
      for shift: UInt32 in [0, 8, 16, 24] {
        copy.append(UInt8(truncatingIfNeeded: written >> shift))
      }
      for index in 4..<bytes.count { copy.append(bytes[index]) }
    }
  }
}
