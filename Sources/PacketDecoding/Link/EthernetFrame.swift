// SPDX-License-Identifier: Apache-2.0

/// Ethernet II and 802.3 frame,
/// [IEEE 802.3-2022 §3.1](https://standards.ieee.org/ieee/802.3/10422/),
/// LINKTYPE_ETHERNET.
///
///     +-----------------------+-----------------------+-----------+------ - -
///     |    destination (6)    |      source (6)       | type/len  | data
///     +-----------------------+-----------------------+-----------+------ - -
enum EthernetFrame {
  static let linkType: UInt32 = 1
  static let headerLength = 14

  static let layer = LinkLayer(
    name: "Ethernet", linkTypes: [linkType], decode: { decode($0, &$1) })

  @inline(__always)
  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= headerLength else { return .payload }
    state.setMAC(at: state.offset)
    state.offset &+= headerLength
    return LLC.next(typeOrLength: header.uint16(at: 12), bytes, &state)
  }
}

extension DecodingState {
  /// Notes that six bytes of destination and six of source address begin at `offset`.
  @inline(__always)
  mutating func setMAC(at offset: Int) {
    if offset >= 0, offset < Int(DecodedPacket.noMAC) {
      packet.macOffset = UInt16(truncatingIfNeeded: offset)
      packet.flags.remove(.hasWirelessHeader)
    }
  }
}
