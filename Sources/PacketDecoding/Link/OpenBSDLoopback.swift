// SPDX-License-Identifier: Apache-2.0

/// OpenBSD loopback header,
/// [LINKTYPE_LOOP](https://www.tcpdump.org/linktypes/LINKTYPE_LOOP.html): as LINKTYPE_NULL, in
/// network order.
///
/// Both orders are read, because files with the other one exist.
///
///     +---------------------------------------------------------------+
///     |                address family, in network order               |
///     +---------------------------------------------------------------+
enum OpenBSDLoopback {
  static let layer = LinkLayer(
    name: "OpenBSD loopback", linkTypes: [108], decode: { NullLoopback.decode($0, &$1) })
}
