// SPDX-License-Identifier: Apache-2.0

/// Per-Packet Information header,
/// [LINKTYPE_PPI](https://www.tcpdump.org/linktypes/LINKTYPE_PPI.html), little-endian.
///
///     +---------------+---------------+-------------------------------+
///     |  version = 0  |     flags     |            length             |
///     |                     link type of the frame                    |
///     |                     fields: type, length, data ...            |
///     +---------------------------------------------------------------+
enum PPIHeader {
  private static let linkType: UInt32 = 192
  static let layer = LinkLayer(
    name: "PPI", linkTypes: [linkType], decode: { decode($0, &$1) })

  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 8, header[0] == 0 else { return .payload }
    let length = Int(header.littleEndian16(at: 2))
    let inner = header.littleEndian32(at: 4)
    guard length >= 8, inner != linkType else { return .payload }
    let hasChecksum = hasFrameChecksum(header, length: length)
    state.offset &+= length
    if hasChecksum { _ = state.limit(to: max(state.wireEnd &- state.offset &- 4, 0)) }
    return .link(inner)
  }

  /// Bit 0 of the flags in the 802.11-Common field (type 2): the frame ends with its checksum.
  private static func hasFrameChecksum(_ header: Span<UInt8>, length: Int) -> Bool {
    var index = 8
    let end = min(length, header.count)
    while index &+ 4 <= end {
      let size = Int(header.littleEndian16(at: index &+ 2))
      if header.littleEndian16(at: index) == 2, size >= 10, index &+ 14 <= end {
        return header[index &+ 12] & 1 == 1
      }
      index &+= 4 &+ size
    }
    return false
  }
}
