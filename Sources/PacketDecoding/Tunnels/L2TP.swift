// SPDX-License-Identifier: Apache-2.0

/// L2TP version 2 data message,
/// [RFC 2661 §3.1](https://www.rfc-editor.org/rfc/rfc2661#section-3.1).
///
///     +-+-+---+-+-+-+-+-------+-------+-------------------------------+
///     |T|L|x x|S|x|O|P|x x x x|Ver = 2|          Length (L)           |
///     |           Tunnel ID           |           Session ID          |
///     |             Ns (S)            |             Nr (S)            |
///     |      Offset Size (O)          |    Offset pad ... (O)         |
///     +---------------------------------------------------------------+
///
/// Version 3 is `L2TPv3`.
enum L2TP {
  static let tunnel = Tunnel(
    name: "L2TP", carriers: [.udpPort(1701)], decode: { decode($0, &$1) })
  private static let isControl: UInt16 = 0x8000
  private static let hasLength: UInt16 = 0x4000
  private static let hasSequence: UInt16 = 0x0800
  private static let hasOffset: UInt16 = 0x0200
  /// The reserved bits, which are zero in every message.
  private static let reserved: UInt16 = 0x34F0

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 6 else { return .payload }
    let word = header.uint16(at: 0)
    guard word & isControl == 0, word & 0x000F == 2, word & reserved == 0 else {
      return .payload
    }
    var length = 6
    if word & hasLength != 0 {
      length &+= 2
      guard state.limit(to: Int(header.uint16(at: 2))) else { return .payload }
    }
    if word & hasSequence != 0 { length &+= 4 }
    if word & hasOffset != 0 {
      guard header.count >= length &+ 2 else { return .payload }
      length &+= 2 &+ Int(header.uint16(at: length))
    }
    state.offset &+= length
    return PPPFrame.decode(bytes, &state)
  }
}
