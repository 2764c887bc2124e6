// SPDX-License-Identifier: Apache-2.0

/// What a header's EtherType leads to.
///
/// The two that carry nearly everything are tested by the decoder itself before it asks here.
enum EtherTypes {
  static let ipv4: UInt16 = 0x0800
  static let ipv6: UInt16 = 0x86DD
  /// Transparent Ethernet bridging, [RFC 1701](https://www.rfc-editor.org/rfc/rfc1701).
  static let bridgedEthernet: UInt16 = 0x6558

  /// Decodes the header at `state.offset` that `etherType` names.
  @inline(never)
  static func decode(
    _ etherType: UInt16, _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    switch etherType {
    case 0x8100, 0x88A8, 0x9100: VLANTag.decode(bytes, &state)
    case 0x8847, 0x8848: MPLSLabel.decode(bytes, &state)
    case 0x8864: PPPoEHeader.decode(bytes, &state)
    case 0x880B: PPPFrame.decode(bytes, &state)
    case bridgedEthernet: .link(EthernetFrame.linkType)
    default: .payload
    }
  }
}
