// SPDX-License-Identifier: Apache-2.0

/// Logical link control and SNAP, [IEEE 802.2](https://standards.ieee.org/ieee/8802-2/861/),
/// [RFC 1042](https://www.rfc-editor.org/rfc/rfc1042).
///
///     +------+------+---------+-----------------+-----------+
///     | DSAP | SSAP | control | organization(3) | EtherType |
///     | 0xAA | 0xAA |  0x03   |                 |           |
///     +------+------+---------+-----------------+-----------+
enum LLC {
  /// The service access point of IP, [RFC 1042](https://www.rfc-editor.org/rfc/rfc1042).
  private static let internet: UInt8 = 0x06
  /// The smallest EtherType; below, the field is an 802.3 length.
  static let minimumEtherType: UInt16 = 0x0600
  /// The largest 802.3 length.
  private static let maximumLength: UInt16 = 1500

  /// Chooses between Ethernet II and 802.3 by the field that stands before `state.offset`.
  @inline(__always)
  static func next(
    typeOrLength: UInt16, _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    if typeOrLength >= minimumEtherType { return .etherType(typeOrLength) }
    guard typeOrLength <= maximumLength else { return .payload }
    _ = state.limit(to: Int(typeOrLength))
    return decode(bytes, &state)
  }

  @inline(never)
  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 3 else { return .payload }
    if header[0] == internet, header[1] == internet, header[2] == 0x03 {
      state.offset &+= 3
      return .etherType(EtherTypes.ipv4)
    }
    guard header.count >= 8, header[0] == 0xAA, header[1] == 0xAA, header[2] == 0x03 else {
      return .payload
    }
    let organization = header.uint32(at: 2) & 0x00FF_FFFF
    // RFC 1042 encapsulation and the bridge-tunnel encapsulation of IEEE 802.1H.
    guard organization == 0 || organization == 0xF8 else { return .payload }
    state.offset &+= 8
    return .etherType(header.uint16(at: 6))
  }
}
