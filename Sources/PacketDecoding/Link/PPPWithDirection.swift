// SPDX-License-Identifier: Apache-2.0

/// PPP with a direction byte,
/// [LINKTYPE_PPP_WITH_DIR](https://www.tcpdump.org/linktypes/LINKTYPE_PPP_WITH_DIR.html), and
/// LINKTYPE_PPP_PPPD, where the direction stands in place of the address byte.
///
///     +---------------+------------------------------------------ - -
///     | 0 in, else out| PPP frame
///     +---------------+------------------------------------------ - -
enum PPPWithDirection {
  static let layer = LinkLayer(
    name: "PPP with direction", linkTypes: [204, 166], decode: { decode($0, &$1) })

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let frame = state.rest(of: bytes)
    guard frame.count >= 2 else { return .payload }
    // The control byte of LINKTYPE_PPP_PPPD; no PPP protocol has the number 3.
    state.offset &+= frame[1] == 0x03 ? 2 : 1
    return PPPFrame.decode(bytes, &state)
  }
}
