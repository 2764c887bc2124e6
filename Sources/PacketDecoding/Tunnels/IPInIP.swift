// SPDX-License-Identifier: Apache-2.0

/// IPv4 directly inside IP, [RFC 2003](https://www.rfc-editor.org/rfc/rfc2003) and, over IPv6,
/// [RFC 2473](https://www.rfc-editor.org/rfc/rfc2473).
///
/// Protocol 94 is its older form.
///
///     +----------------------+----------------------+-------- - -
///     | outer IP, protocol 4 |  inner IPv4 header   | payload
///     +----------------------+----------------------+-------- - -
enum IPInIP {
  static let tunnel = Tunnel(
    name: "IP-in-IP", carriers: [.ipProtocol(4), .ipProtocol(94)],
    decode: { _, _ in .etherType(EtherTypes.ipv4) })
}
