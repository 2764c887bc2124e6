// SPDX-License-Identifier: Apache-2.0

/// VXLAN generic protocol extension,
/// [draft-ietf-nvo3-vxlan-gpe §3](https://datatracker.ietf.org/doc/html/draft-ietf-nvo3-vxlan-gpe-13#section-3).
///
///     +-+-+---+-+-+-+-+-------------------------------+---------------+
///     |R|R|Ver|I|P|B|O|           Reserved            | Next Protocol |
///     |      VXLAN Network Identifier (24)            |   Reserved    |
///     +---------------------------------------------------------------+
enum VXLANGPE {
  static let tunnel = Tunnel(
    name: "VXLAN-GPE", carriers: [.udpPort(4790)], decode: { decode($0, &$1) })

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    // Version 0, identifier and next protocol present, no OAM.
    guard header.count >= 8, header[0] & 0x3D == 0x0C, header[7] == 0 else { return .payload }
    state.offset &+= 8
    switch header[3] {
    case 1: return .etherType(EtherTypes.ipv4)
    case 2: return .etherType(EtherTypes.ipv6)
    case 3: return .link(EthernetFrame.linkType)
    default: return .payload
    }
  }
}
