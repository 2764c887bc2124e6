// SPDX-License-Identifier: Apache-2.0

/// GRE inside UDP, [RFC 8086 §3](https://www.rfc-editor.org/rfc/rfc8086#section-3).
///
///     +---------------------+------------+-------- - -
///     | UDP, port 4754      | GRE header | packet
///     +---------------------+------------+-------- - -
enum GREInUDP {
  static let tunnel = Tunnel(
    name: "GRE-in-UDP", carriers: [.udpPort(4754)], decode: { GRE.decode($0, &$1) })
}
