// SPDX-License-Identifier: Apache-2.0

/// An IP packet without a link header,
/// [LINKTYPE_RAW](https://www.tcpdump.org/linktypes/LINKTYPE_RAW.html), LINKTYPE_IPV4 and
/// LINKTYPE_IPV6; 12 and 14 are what DLT_RAW was on the systems that wrote it into files.
///
///     +-------+------------------------------------------------- - -
///     |Version| IPv4 or IPv6 header
///     +-------+------------------------------------------------- - -
enum RawIP {
  static let layer = LinkLayer(
    name: "raw IP", linkTypes: [101, 228, 229, 12, 14], decode: { _, _ in .internet })
}
