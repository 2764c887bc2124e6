// SPDX-License-Identifier: Apache-2.0

/// PPP packet, [RFC 1661 §2](https://www.rfc-editor.org/rfc/rfc1661#section-2), with or without
/// the address and control bytes of HDLC-like framing
/// ([RFC 1662 §3.1](https://www.rfc-editor.org/rfc/rfc1662#section-3.1)) and with either length of
/// the protocol field.
///
///     +-------------+-------------+-------------------------+------ - -
///     | 0xFF (opt.) | 0x03 (opt.) | protocol (1 or 2 bytes) | packet
///     +-------------+-------------+-------------------------+------ - -
enum PPPFrame {
  /// LINKTYPE_PPP and LINKTYPE_PPP_HDLC.
  static let layer = LinkLayer(name: "PPP", linkTypes: [9, 50], decode: { decode($0, &$1) })

  private static let ipv4: UInt16 = 0x0021
  private static let ipv6: UInt16 = 0x0057
  private static let bridging: UInt16 = 0x0031
  private static let mplsUnicast: UInt16 = 0x0281
  private static let mplsMulticast: UInt16 = 0x0283

  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let frame = state.rest(of: bytes)
    var index = 0
    if frame.count >= 2, frame[0] == 0xFF, frame[1] == 0x03 { index = 2 }
    guard frame.count > index else { return .payload }
    // RFC 1661 §6.5: a protocol number whose first byte is odd has been compressed to it.
    if frame[index] & 1 == 1 {
      state.offset &+= index &+ 1
      return .pointToPoint(UInt16(frame[index]))
    }
    guard frame.count >= index &+ 2 else { return .payload }
    state.offset &+= index &+ 2
    return .pointToPoint(frame.uint16(at: index))
  }

  /// What follows a PPP protocol number.
  static func next(
    _ number: UInt16, _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    switch number {
    case ipv4: return .etherType(EtherTypes.ipv4)
    case ipv6: return .etherType(EtherTypes.ipv6)
    case mplsUnicast, mplsMulticast: return MPLSLabel.decode(bytes, &state)
    case bridging:
      // RFC 3518 §4.2: flags, MAC type 1 is 802.3 without its checksum.
      let header = state.rest(of: bytes)
      guard header.count >= 2, header[1] == 1 else { return .payload }
      state.offset &+= 2
      return .link(EthernetFrame.linkType)
    default: return .payload
    }
  }
}
