// SPDX-License-Identifier: Apache-2.0

/// Cisco HDLC frame,
/// [RFC 1547 §4.3.1](https://www.rfc-editor.org/rfc/rfc1547#section-4.3.1), LINKTYPE_C_HDLC.
///
///     +---------------+---------------+-------------------------------+
///     | address       | control = 0   |  EtherType                    |
///     +---------------+---------------+-------------------------------+
enum CiscoHDLC {
  static let layer = LinkLayer(
    name: "Cisco HDLC", linkTypes: [104], decode: { decode($0, &$1) })

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 4 else { return .payload }
    // LINKTYPE_C_HDLC also holds HDLC-framed PPP.
    if header[0] == 0xFF, header[1] == 0x03 { return PPPFrame.decode(bytes, &state) }
    state.offset &+= 4
    return .etherType(header.uint16(at: 2))
  }
}
