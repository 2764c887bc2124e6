// SPDX-License-Identifier: Apache-2.0

/// Linux cooked capture header, version 2,
/// [LINKTYPE_LINUX_SLL2](https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html).
///
///     +-------------------------------+-------------------------------+
///     |           protocol            |         reserved (0)          |
///     |                        interface index                        |
///     |          ARPHRD type          |  packet type  | addr length   |
///     |                     link-layer address (8)                    |
///     +---------------------------------------------------------------+
enum LinuxCookedV2 {
  static let layer = LinkLayer(
    name: "Linux cooked v2", linkTypes: [276], decode: { decode($0, &$1) })
  private static let headerLength = 20

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= headerLength else { return .payload }
    state.offset &+= headerLength
    return LinuxCooked.next(
      protocolNumber: header.uint16(at: 0), hardware: header.uint16(at: 8), bytes, &state)
  }
}
