// SPDX-License-Identifier: Apache-2.0

/// Web Cache Communication Protocol redirection inside GRE,
/// [draft-wilson-wrec-wccp-v2](https://datatracker.ietf.org/doc/html/draft-wilson-wrec-wccp-v2-01)
/// §4.12: version 2 puts a redirect header before the IP packet, version 1 does not.
///
///     +-+-+-----------+---------------+---------------+---------------+
///     |T|A| unused    |  service ID   |  alternate    |    primary    |
///     +-+-+-----------+---------------+---------------+---------------+
enum WCCP {
  static let protocolType: UInt16 = 0x883E

  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 5 else { return .payload }
    if header[0] >> 4 != 4 { state.offset &+= 4 }
    return .etherType(EtherTypes.ipv4)
  }
}
