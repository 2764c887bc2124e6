// SPDX-License-Identifier: Apache-2.0

/// BSD loopback header,
/// [LINKTYPE_NULL](https://www.tcpdump.org/linktypes/LINKTYPE_NULL.html).
///
///     +---------------------------------------------------------------+
///     |  address family, in the byte order of the capturing machine   |
///     +---------------------------------------------------------------+
enum NullLoopback {
  static let layer = LinkLayer(
    name: "BSD loopback", linkTypes: [0], decode: { decode($0, &$1) })

  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 4 else { return .payload }
    let family = header.uint32(at: 0)
    state.offset &+= 4
    // No family has its only bits in both halves, so the half tells the byte order.
    let value = family & 0xFFFF_0000 == 0 ? family : family.byteSwapped
    switch value {
    case 2: return .etherType(EtherTypes.ipv4)
    // AF_INET6 of NetBSD and OpenBSD, of FreeBSD, of Darwin; of Linux.
    case 24, 28, 30, 10: return .etherType(EtherTypes.ipv6)
    default:
      // Some writers put an EtherType here (Wireshark's packet-null.c knows them too).
      let type = header.uint16(at: 2)
      if type == EtherTypes.ipv4 || type == EtherTypes.ipv6 { return .etherType(type) }
      guard value >= UInt32(LLC.minimumEtherType), value <= 0xFFFF else { return .payload }
      return .etherType(UInt16(truncatingIfNeeded: value))
    }
  }
}
