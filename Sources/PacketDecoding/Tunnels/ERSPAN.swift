// SPDX-License-Identifier: Apache-2.0

/// Mirrored frames of Cisco switches,
/// [draft-foschiano-erspan](https://datatracker.ietf.org/doc/html/draft-foschiano-erspan-03).
///
/// Type I has no header of its own and GRE without a sequence number.
///
///     Type II (GRE protocol type 0x88BE, sequence number present):
///     +-------+-----------------------+-----+---+-+-------------------+
///     |Ver = 1|         VLAN          | COS |En |T|    Session ID     |
///     |      Reserved         |                  Index                |
///     +---------------------------------------------------------------+
///
///     Type III (GRE protocol type 0x22EB):
///     +-------+-----------------------+-----+---+-+-------------------+
///     |Ver = 2|         VLAN          | COS |BSO|T|    Session ID     |
///     |                          Timestamp                            |
///     |             SGT               |P|   FT    |   Hw ID   |D|Gra|O|
///     |      platform-specific subheader (8 bytes, where O is set)    |
///     +---------------------------------------------------------------+
enum ERSPAN {
  /// No carrier of its own: GRE leads here, and a mirror port is what an investigator looks for.
  static let tunnel = Tunnel(name: "ERSPAN", carriers: [], decode: { _, _ in .payload })
  static let typeTwoProtocolType: UInt16 = 0x88BE
  static let typeThreeProtocolType: UInt16 = 0x22EB

  static func decodeTypeOneOrTwo(
    hasSequenceNumber: Bool, _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    if state.depth == 1 { state.outermostTunnel = Tunnels.mirror }
    guard hasSequenceNumber else { return .link(EthernetFrame.linkType) }
    let header = state.rest(of: bytes)
    guard header.count >= 8 else { return .payload }
    // Some switches send type III under this number; the version tells.
    if header[0] >> 4 == 2 { return decodeTypeThree(bytes, &state) }
    state.offset &+= 8
    return .link(EthernetFrame.linkType)
  }

  static func decodeTypeThree(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 12, header[0] >> 4 == 2 else { return .payload }
    if state.depth == 1 { state.outermostTunnel = Tunnels.mirror }
    let hasSubheader = header[11] & 1 == 1
    // Frame type 2 is an IP packet without its Ethernet header.
    let frameType = header[10] >> 2 & 0x1F
    state.offset &+= hasSubheader ? 20 : 12
    return frameType == 2 ? .internet : .link(EthernetFrame.linkType)
  }
}
