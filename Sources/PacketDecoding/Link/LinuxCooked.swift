// SPDX-License-Identifier: Apache-2.0

/// Linux cooked capture header,
/// [LINKTYPE_LINUX_SLL](https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html).
///
///     +-------------+-------------+-------------+-------------+-----------+
///     | packet type | ARPHRD type | addr length | address (8) | protocol  |
///     +-------------+-------------+-------------+-------------+-----------+
enum LinuxCooked {
  static let layer = LinkLayer(
    name: "Linux cooked v1", linkTypes: [113], decode: { decode($0, &$1) })
  private static let headerLength = 16

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= headerLength else { return .payload }
    state.offset &+= headerLength
    return next(
      protocolNumber: header.uint16(at: 14), hardware: header.uint16(at: 2), bytes, &state)
  }

  /// What follows a cooked header with these `protocol` and ARPHRD_ values.
  ///
  /// For ARPHRD_IPGRE (778) the protocol is a GRE protocol type, which is an EtherType; the GRE
  /// header itself is not in the capture.
  static func next(
    protocolNumber: UInt16, hardware: UInt16, _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    switch (protocolNumber, hardware) {
    case (_, 824): .payload  // ARPHRD_NETLINK: the protocol is a netlink family.
    case (0x0004, _): LLC.decode(bytes, &state)  // LINUX_SLL_P_802_2
    case (0x0001, _): .payload  // LINUX_SLL_P_802_3: Novell frames without 802.2
    case (LLC.minimumEtherType..., _): .etherType(protocolNumber)
    default: .payload
    }
  }
}
