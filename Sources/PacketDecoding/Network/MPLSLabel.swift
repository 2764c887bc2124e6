// SPDX-License-Identifier: Apache-2.0

/// MPLS label stack, [RFC 3032 §2.1](https://www.rfc-editor.org/rfc/rfc3032#section-2.1).
///
///     +-------------------------------+-------+-+---------------------+
///     |          Label (20)           | TC (3)|S|         TTL         |
///     +-------------------------------+-------+-+---------------------+
///
/// Nothing says what follows the last label. It is told as
/// [RFC 4928 §2](https://www.rfc-editor.org/rfc/rfc4928#section-2) says routers do: by the first
/// nibble, with the IP header tested, because the destination of a bridged frame may begin alike.
enum MPLSLabel {
  static let etherTypes: [UInt16] = [0x8847, 0x8848]
  /// Most labels of a stack that are read; real stacks have below ten.
  private static let maximumLabels = 32

  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    var isBottom = false
    var labels = 0
    while !isBottom {
      let label = state.rest(of: bytes)
      guard label.count >= 4, labels < maximumLabels else { return .payload }
      isBottom = label[2] & 1 == 1
      labels &+= 1
      state.offset &+= 4
    }
    let inner = state.rest(of: bytes)
    guard inner.count >= 4 else { return .payload }
    switch inner[0] >> 4 {
    case 4 where looksLikeIPv4(inner, available: state.wireEnd &- state.offset):
      return .etherType(EtherTypes.ipv4)
    case 6 where looksLikeIPv6(inner, available: state.wireEnd &- state.offset):
      return .etherType(EtherTypes.ipv6)
    case 0 where !looksLikeEthernet(inner, at: 0) || looksLikeEthernet(inner, at: 4):
      // The control word of a pseudo-wire, RFC 4385 §3.
      guard looksLikeEthernet(inner, at: 4) else { return .payload }
      state.offset &+= 4
      return .link(EthernetFrame.linkType)
    default:
      guard looksLikeEthernet(inner, at: 0) else { return .payload }
      return .link(EthernetFrame.linkType)
    }
  }

  private static func looksLikeIPv4(_ inner: Span<UInt8>, available: Int) -> Bool {
    guard inner.count >= IPv4Header.minimumLength, inner[0] & 0x0F >= 5 else { return false }
    let total = Int(inner.uint16(at: 2))
    return total == 0 || total >= IPv4Header.minimumLength && total <= available
  }

  private static func looksLikeIPv6(_ inner: Span<UInt8>, available: Int) -> Bool {
    guard inner.count >= IPv6Header.minimumLength else { return false }
    return Int(inner.uint16(at: 4)) &+ IPv6Header.minimumLength <= available
  }

  /// Whether a frame at `offset` names a layer that we know, or has an 802.3 length.
  private static func looksLikeEthernet(_ inner: Span<UInt8>, at offset: Int) -> Bool {
    guard inner.count >= offset &+ 14 else { return false }
    let type = inner.uint16(at: offset &+ 12)
    switch type {
    case EtherTypes.ipv4, EtherTypes.ipv6, 0x0806, 0x8100, 0x88A8, 0x9100, 0x8847, 0x8848,
      0x8863, 0x8864, 0x88CC:
      return true
    default:
      return type <= 1500 && Int(type) &+ offset &+ 14 <= inner.count
    }
  }
}
