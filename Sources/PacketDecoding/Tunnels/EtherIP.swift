// SPDX-License-Identifier: Apache-2.0

/// Ethernet inside IP, [RFC 3378 §2](https://www.rfc-editor.org/rfc/rfc3378#section-2).
///
///     +-------+-----------------------+-------------------------- - -
///     |Ver = 3|     reserved = 0      | Ethernet frame
///     +-------+-----------------------+-------------------------- - -
enum EtherIP {
  static let tunnel = Tunnel(
    name: "EtherIP", carriers: [.ipProtocol(97)], decode: { decode($0, &$1) })

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 2, header[0] >> 4 == 3 else { return .payload }
    state.offset &+= 2
    return .link(EthernetFrame.linkType)
  }
}
