// SPDX-License-Identifier: Apache-2.0

/// VLAN tag, [IEEE 802.1Q-2022 §9](https://standards.ieee.org/ieee/802.1Q/10323/); stacks of them
/// are read one after the other.
///
///     +-----+-+-----------------------+-------------------------------+
///     | PCP |D|   VLAN identifier     |  EtherType or length          |
///     +-----+-+-----------------------+-------------------------------+
enum VLANTag {
  /// 802.1Q, 802.1ad and the number that stacks had before it.
  static let etherTypes: [UInt16] = [0x8100, 0x88A8, 0x9100]

  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 4 else { return .payload }
    let identifier = header.uint16(at: 0) & 0x0FFF
    // Identifier 0 gives a priority only.
    if identifier != 0 { state.packet.vlan = identifier }
    state.offset &+= 4
    return LLC.next(typeOrLength: header.uint16(at: 2), bytes, &state)
  }
}
