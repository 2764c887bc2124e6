// SPDX-License-Identifier: Apache-2.0

/// IPv6 directly inside IPv4, [RFC 4213 §3](https://www.rfc-editor.org/rfc/rfc4213#section-3), or
/// inside IPv6, [RFC 2473](https://www.rfc-editor.org/rfc/rfc2473).
///
///     +-----------------------+----------------------+-------- - -
///     | outer IP, protocol 41 |  inner IPv6 header   | payload
///     +-----------------------+----------------------+-------- - -
enum SixInFour {
  static let tunnel = Tunnel(
    name: "6in4", carriers: [.ipProtocol(41)], decode: { _, _ in .etherType(EtherTypes.ipv6) })
}
