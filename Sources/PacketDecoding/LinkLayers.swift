// SPDX-License-Identifier: Apache-2.0

/// A link layer: how its frames are decoded.
struct LinkLayer: Sendable {
  /// Name as it is shown.
  let name: String
  /// The LINKTYPE_ and, where files carry them, DLT_ numbers
  /// ([registry](https://www.tcpdump.org/linktypes.html)).
  let linkTypes: [UInt32]
  /// Decodes the frame at `state.offset`.
  let decode: @Sendable (_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer
}

/// The link layers that are decoded.
///
/// To add one: a file in Link/ and a line here.
package enum LinkLayers {
  /// Ethernet stays first: the decoder knows its index.
  static let all: [LinkLayer] = [
    EthernetFrame.layer,
    LinuxCooked.layer,
    LinuxCookedV2.layer,
    RawIP.layer,
    NullLoopback.layer,
    OpenBSDLoopback.layer,
    PPPFrame.layer,
    PPPWithDirection.layer,
    PPPoELink.layer,
    CiscoHDLC.layer,
    WirelessFrame.layer,
    Radiotap.layer,
    PrismHeader.layer,
    AVSHeader.layer,
    PPIHeader.layer,
    NetfilterLog.layer,
    PacketTap.layer,
  ]

  /// Index of Ethernet in `all`.
  static let ethernet = 0
  /// Stands for a link type that is not decoded.
  static let unknown = -1

  /// Index of the link layer of a LINKTYPE_ number in `all`, or `unknown`.
  static func index(of linkType: UInt32) -> Int {
    if linkType == EthernetFrame.linkType { return ethernet }
    return indices[linkType] ?? unknown
  }

  /// Whether frames of a LINKTYPE_ number are decoded; those of others are counted and no more.
  package static func isDecoded(_ linkType: UInt32) -> Bool { index(of: linkType) != unknown }

  private static let indices: [UInt32: Int] = {
    var indices: [UInt32: Int] = [:]
    for (index, layer) in all.enumerated() {
      for type in layer.linkTypes { indices[type] = index }
    }
    return indices
  }()

  /// Decodes the frame at `state.offset` by the link layer at `index` of `all`.
  @inline(never)
  static func decode(
    _ index: Int, _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    guard index >= 0, index < all.count else { return .payload }
    return all[index].decode(bytes, &state)
  }
}
