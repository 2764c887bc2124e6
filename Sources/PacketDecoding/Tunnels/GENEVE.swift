// SPDX-License-Identifier: Apache-2.0

/// Geneve, [RFC 8926 §3.4](https://www.rfc-editor.org/rfc/rfc8926#section-3.4).
///
///     +---+-----------+-+-+-----------+-------------------------------+
///     |Ver|  Opt Len  |O|C|   Rsvd.   |         Protocol Type         |
///     |      Virtual Network Identifier (24)          |   Reserved    |
///     |                 Options (Opt Len x 4 bytes)                   |
///     +---------------------------------------------------------------+
enum GENEVE {
  static let tunnel = Tunnel(
    name: "Geneve", carriers: [.udpPort(6081)], decode: { decode($0, &$1) })

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 8, header[0] >> 6 == 0, header[1] & 0x3F == 0, header[7] == 0 else {
      return .payload
    }
    state.offset &+= 8 &+ Int(header[0] & 0x3F) &* 4
    let type = header.uint16(at: 2)
    switch type {
    case EtherTypes.bridgedEthernet, EtherTypes.ipv4, EtherTypes.ipv6: return .etherType(type)
    default: return .payload
    }
  }
}
