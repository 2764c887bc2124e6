// SPDX-License-Identifier: Apache-2.0

/// Prism monitoring header before an 802.11 frame,
/// [LINKTYPE_IEEE802_11_PRISM](https://www.tcpdump.org/linktypes/LINKTYPE_IEEE802_11_PRISM.html),
/// in the byte order of the capturing machine.
///
/// Some drivers write an AVS header instead.
///
///     +---------------------------------------------------------------+
///     |                     message code (0x44)                       |
///     |                     message length                            |
///     |                     device name (16) ...                      |
///     +---------------------------------------------------------------+
enum PrismHeader {
  static let layer = LinkLayer(
    name: "802.11 Prism", linkTypes: [119], decode: { decode($0, &$1) })
  private static let minimumLength = 24

  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 8 else { return .payload }
    if AVSHeader.hasMagic(header) { return AVSHeader.decode(bytes, &state) }
    let isLittleEndian = header.littleEndian32(at: 0) <= 0xFFFF
    let length = isLittleEndian ? header.littleEndian32(at: 4) : header.uint32(at: 4)
    guard length >= minimumLength, Int(length) <= header.count else { return .payload }
    state.offset &+= Int(length)
    return WirelessFrame.decode(bytes, isPadded: false, &state)
  }
}
