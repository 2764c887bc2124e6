// SPDX-License-Identifier: Apache-2.0

/// GTP-U, [3GPP TS 29.281 §5.1](https://www.3gpp.org/dynareport/29281.htm).
///
///     +-----+--+-+-+-+--+---------------+-----------------------------+
///     |Ver=1|PT|0|E|S|PN| type (255)    |           length            |
///     |                  Tunnel Endpoint Identifier                   |
///     |  sequence number (if E, S or PN)  | N-PDU   | next extension  |
///     |  extension headers: length / 4, content, next extension       |
///     +---------------------------------------------------------------+
enum GTPU {
  static let tunnel = Tunnel(
    name: "GTP-U", carriers: [.udpPort(2152)], decode: { decode($0, &$1) })
  private static let userData: UInt8 = 255
  /// Most extension headers that are followed; a PDU session has one or two.
  private static let maximumExtensions = 16

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 8, header[0] >> 4 == 3, header[1] == userData else { return .payload }
    guard state.limit(to: 8 &+ Int(header.uint16(at: 2))) else { return .payload }
    var length = 8
    if header[0] & 0x07 != 0 {
      guard header.count >= 12 else { return .payload }
      length = 12
      // The field is meaningful only with the E flag.
      var next = header[0] & 0x04 != 0 ? header[11] : 0
      var count = 0
      while next != 0 {
        guard count < maximumExtensions, header.count > length else { return .payload }
        let size = Int(header[length]) &* 4
        guard size > 0, header.count >= length &+ size else { return .payload }
        length &+= size
        next = header[length &- 1]
        count &+= 1
      }
    }
    state.offset &+= length
    let inner = state.rest(of: bytes)
    guard inner.count > 0, inner[0] >> 4 == 4 || inner[0] >> 4 == 6 else { return .payload }
    return .internet
  }
}
