// SPDX-License-Identifier: Apache-2.0

/// Apple packet tap header,
/// [LINKTYPE_PKTAP](https://www.tcpdump.org/linktypes.html) 258, and 149 (DLT_USER2), as macOS
/// wrote it; the layout is `struct pktap_header` of
/// [XNU's net/pktap.h](https://github.com/apple-oss-distributions/xnu/blob/main/bsd/net/pktap.h),
/// little-endian.
///
///     +---------------------------------------------------------------+
///     |                     length of the header                      |
///     |                     type of what follows (1: packet)          |
///     |                     link type of the packet                   |
///     |                     interface name (24), flags, process ...   |
///     +---------------------------------------------------------------+
enum PacketTap {
  private static let linkTypes: [UInt32] = [258, 149]
  static let layer = LinkLayer(
    name: "Apple packet tap", linkTypes: linkTypes, decode: { decode($0, &$1) })
  private static let minimumLength = 108

  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 12 else { return .payload }
    let length = Int(header.littleEndian32(at: 0))
    let inner = header.littleEndian32(at: 8)
    guard length >= minimumLength, length <= header.count, !linkTypes.contains(inner) else {
      return .payload
    }
    state.offset &+= length
    return .link(inner)
  }
}
