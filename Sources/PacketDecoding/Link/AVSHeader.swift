// SPDX-License-Identifier: Apache-2.0

/// AVS header before an 802.11 frame,
/// [LINKTYPE_IEEE802_11_AVS](https://www.tcpdump.org/linktypes/LINKTYPE_IEEE802_11_AVS.html), in
/// network order.
///
///     +---------------------------------------------------------------+
///     |              magic and version (0x8021100x)                   |
///     |              length of the header                             |
///     |              time, channel, signal ...                        |
///     +---------------------------------------------------------------+
enum AVSHeader {
  static let layer = LinkLayer(
    name: "802.11 AVS", linkTypes: [163], decode: { decode($0, &$1) })
  private static let magic: UInt32 = 0x8021_1000

  static func hasMagic(_ header: Span<UInt8>) -> Bool {
    header.count >= 4 && header.uint32(at: 0) & 0xFFFF_F000 == magic & 0xFFFF_F000
  }

  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 8, hasMagic(header) else { return .payload }
    let length = Int(header.uint32(at: 4))
    guard length >= 8, length <= header.count else { return .payload }
    state.offset &+= length
    return WirelessFrame.decode(bytes, isPadded: false, &state)
  }
}
