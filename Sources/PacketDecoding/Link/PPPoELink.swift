// SPDX-License-Identifier: Apache-2.0

/// PPPoE session packets without their Ethernet header,
/// [LINKTYPE_PPP_ETHER](https://www.tcpdump.org/linktypes/LINKTYPE_PPP_ETHER.html).
///
///     +-------+-------+------+------------+--------+------------ - -
///     |  VER  | TYPE  | CODE | SESSION_ID | LENGTH | PPP packet
///     +-------+-------+------+------------+--------+------------ - -
enum PPPoELink {
  static let layer = LinkLayer(
    name: "PPPoE", linkTypes: [51], decode: { PPPoEHeader.decode($0, &$1) })
}
