// SPDX-License-Identifier: Apache-2.0

/// MPLS inside IP, [RFC 4023 §3](https://www.rfc-editor.org/rfc/rfc4023#section-3), or UDP,
/// [RFC 7510 §3](https://www.rfc-editor.org/rfc/rfc7510#section-3).
///
///     +------------------------------------+--------------+------ - -
///     | IP, protocol 137, or UDP port 6635 | label stack  | packet
///     +------------------------------------+--------------+------ - -
enum MPLSInIP {
  static let tunnel = Tunnel(
    name: "MPLS-in-IP", carriers: [.ipProtocol(137), .udpPort(6635)],
    decode: { MPLSLabel.decode($0, &$1) })
}
