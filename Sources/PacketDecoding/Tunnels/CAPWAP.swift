// SPDX-License-Identifier: Apache-2.0

/// CAPWAP data message, by which access points hand the frames of their stations to a controller,
/// [RFC 5415 §4.3](https://www.rfc-editor.org/rfc/rfc5415#section-4.3).
///
///     +---------------+---------+---------+---------+-+-+-+-+-+-+-----+
///     |Vers = 0|Type  |  HLEN   |   RID   | WBID    |T|F|L|W|M|K|Flags|
///     |          Fragment ID          |   Fragment offset       |Rsvd |
///     |  (optional) radio MAC address, wireless information ...       |
///     +---------------------------------------------------------------+
///
/// HLEN counts words of 32 bits. T tells 802.11 frames (binding 1) from 802.3 ones. A message in
/// DTLS (type 1), a fragment (F) and a keep-alive (K) stay what they are.
enum CAPWAP {
  static let tunnel = Tunnel(
    name: "CAPWAP", carriers: [.udpPort(5247)], decode: { decode($0, &$1) })

  private static let wirelessBinding: UInt32 = 1
  private static let isNative: UInt32 = 1 << 8
  private static let isFragment: UInt32 = 1 << 7
  private static let isKeepAlive: UInt32 = 1 << 3

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 8, header[0] == 0 else { return .payload }
    let word = header.uint32(at: 0)
    let length = Int(word >> 19 & 0x1F) &* 4
    guard length >= 8, length < header.count, word & (isFragment | isKeepAlive) == 0 else {
      return .payload
    }
    state.offset &+= length
    guard word & isNative != 0 else { return .link(EthernetFrame.linkType) }
    guard word >> 9 & 0x1F == wirelessBinding else { return .payload }
    return WirelessFrame.decodeFromController(bytes, &state)
  }
}
