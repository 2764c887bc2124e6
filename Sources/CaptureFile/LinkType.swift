// SPDX-License-Identifier: Apache-2.0

/// A link type as written in capture files (LINKTYPE_ values,
/// [registry](https://www.tcpdump.org/linktypes.html)); unknown numbers are kept.
public struct LinkType: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  /// The number in the file.
  public let rawValue: UInt32

  /// Wraps a LINKTYPE_ number.
  @inlinable
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }
}

// The link types that are decoded or often met.
extension LinkType {
  /// BSD loopback.
  public static let null = LinkType(rawValue: 0)
  /// Ethernet.
  public static let ethernet = LinkType(rawValue: 1)
  /// PPP.
  public static let ppp = LinkType(rawValue: 9)
  /// Raw IP, as BSD programs write it.
  public static let rawBSD = LinkType(rawValue: 12)
  /// Raw IP, as OpenBSD programs write it.
  public static let rawOpenBSD = LinkType(rawValue: 14)
  /// PPP in HDLC-like framing.
  public static let pppHDLC = LinkType(rawValue: 50)
  /// PPPoE.
  public static let pppEther = LinkType(rawValue: 51)
  /// Raw IP.
  public static let raw = LinkType(rawValue: 101)
  /// Cisco HDLC.
  public static let ciscoHDLC = LinkType(rawValue: 104)
  /// IEEE 802.11.
  public static let wireless = LinkType(rawValue: 105)
  /// Frame Relay.
  public static let frameRelay = LinkType(rawValue: 107)
  /// OpenBSD loopback.
  public static let loop = LinkType(rawValue: 108)
  /// Linux cooked capture v1.
  public static let linuxCooked = LinkType(rawValue: 113)
  /// IEEE 802.11 with a Prism header.
  public static let prism = LinkType(rawValue: 119)
  /// IEEE 802.11 with radiotap.
  public static let radiotap = LinkType(rawValue: 127)
  /// Apple packet tap, as older systems number it.
  public static let packetTapOld = LinkType(rawValue: 149)
  /// IEEE 802.11 with an AVS header.
  public static let avs = LinkType(rawValue: 163)
  /// PPP with direction, as pppd logs it.
  public static let pppPPPD = LinkType(rawValue: 166)
  /// Per-packet information.
  public static let ppi = LinkType(rawValue: 192)
  /// PPP with direction.
  public static let pppWithDirection = LinkType(rawValue: 204)
  /// Raw IPv4.
  public static let ipv4 = LinkType(rawValue: 228)
  /// Raw IPv6.
  public static let ipv6 = LinkType(rawValue: 229)
  /// Netfilter log.
  public static let netfilterLog = LinkType(rawValue: 239)
  /// Linux netlink.
  public static let netlink = LinkType(rawValue: 253)
  /// Apple packet tap.
  public static let packetTap = LinkType(rawValue: 258)
  /// Linux cooked capture v2.
  public static let linuxCookedV2 = LinkType(rawValue: 276)

  private static let names: [(LinkType, String)] = [
    (.null, "BSD loopback"),
    (.ethernet, "Ethernet"),
    (.ppp, "PPP"),
    (.rawBSD, "Raw IP, as BSD programs write it"),
    (.rawOpenBSD, "Raw IP, as OpenBSD programs write it"),
    (.pppHDLC, "PPP in HDLC-like framing"),
    (.pppEther, "PPPoE"),
    (.raw, "Raw IP"),
    (.ciscoHDLC, "Cisco HDLC"),
    (.wireless, "IEEE 802.11"),
    (.frameRelay, "Frame Relay"),
    (.loop, "OpenBSD loopback"),
    (.linuxCooked, "Linux cooked capture v1"),
    (.prism, "IEEE 802.11 with a Prism header"),
    (.radiotap, "IEEE 802.11 with radiotap"),
    (.packetTapOld, "Apple packet tap, as older systems number it"),
    (.avs, "IEEE 802.11 with an AVS header"),
    (.pppPPPD, "PPP with direction, as pppd logs it"),
    (.ppi, "Per-packet information"),
    (.pppWithDirection, "PPP with direction"),
    (.ipv4, "Raw IPv4"),
    (.ipv6, "Raw IPv6"),
    (.netfilterLog, "Netfilter log"),
    (.netlink, "Linux netlink"),
    (.packetTap, "Apple packet tap"),
    (.linuxCookedV2, "Linux cooked capture v2"),
  ]
}

extension LinkType: CustomStringConvertible {
  /// The name, or `LINKTYPE` and the number of one without a name here.
  public var description: String {
    Self.names.first { $0.0 == self }?.1 ?? "LINKTYPE \(rawValue)"
  }
}
