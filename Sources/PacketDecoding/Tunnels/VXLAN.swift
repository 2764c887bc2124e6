// SPDX-License-Identifier: Apache-2.0

/// VXLAN, [RFC 7348 §5](https://www.rfc-editor.org/rfc/rfc7348#section-5).
///
///     +-+-+-+-+-+-+-+-+-----------------------------------------------+
///     |R|R|R|R|I|R|R|R|                 Reserved                      |
///     +---------------------------------------------------------------+
///     |      VXLAN Network Identifier (24)            |   Reserved    |
///     +---------------------------------------------------------------+
///
/// 8472 is the port of Linux before the assignment. The group policy extension uses reserved
/// bits of the first word, so only the flag and the last byte are tested.
enum VXLAN {
  static let tunnel = Tunnel(
    name: "VXLAN", carriers: [.udpPort(4789), .udpPort(8472)], decode: { decode($0, &$1) })
  private static let hasIdentifier: UInt8 = 0x08
  /// Flags of the group policy extension
  /// ([draft-smith-vxlan-group-policy](https://datatracker.ietf.org/doc/html/draft-smith-vxlan-group-policy-05)).
  private static let groupPolicy: UInt8 = 0x80

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 8, header[0] & ~groupPolicy == hasIdentifier, header[7] == 0 else {
      return .payload
    }
    state.offset &+= 8
    return .link(EthernetFrame.linkType)
  }
}
