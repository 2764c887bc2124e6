// SPDX-License-Identifier: Apache-2.0

/// Teredo, [RFC 4380 §5.1.1](https://www.rfc-editor.org/rfc/rfc4380#section-5.1.1).
///
///     +-----------+-----------------+----------------+----------------+
///     | 0x00 0x01 | client id len   | auth value len | ... nonce (8), confirmation (1)
///     +-----------+-----------------+----------------+----------------+
///     | 0x00 0x00 | obfuscated port | obfuscated address (4)          |
///     +-----------+-----------------+---------------------------------+
///     | IPv6 packet, to the end of the datagram
///
/// Authentication and origin indication are optional, in this order.
enum Teredo {
  static let tunnel = Tunnel(
    name: "Teredo", carriers: [.udpPort(3544)], decode: { decode($0, &$1) })
  /// Trailers of [RFC 6081 §4](https://www.rfc-editor.org/rfc/rfc6081#section-4) may follow.
  private static let maximumTrailer = 64

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    var header = state.rest(of: bytes)
    if header.count >= 4, header.uint16(at: 0) == 1 {
      state.offset &+= 13 &+ Int(header[2]) &+ Int(header[3])
      header = state.rest(of: bytes)
    }
    if header.count >= 8, header.uint16(at: 0) == 0 {
      state.offset &+= 8
      header = state.rest(of: bytes)
    }
    guard header.count >= IPv6Header.minimumLength, header[0] >> 4 == 6 else { return .payload }
    let left =
      state.wireEnd &- state.offset
      &- IPv6Header.minimumLength &- Int(header.uint16(at: 4))
    guard left >= 0, left <= maximumTrailer else { return .payload }
    return .etherType(EtherTypes.ipv6)
  }
}
