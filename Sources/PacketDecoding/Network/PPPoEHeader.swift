// SPDX-License-Identifier: Apache-2.0

/// PPPoE session header, [RFC 2516 §4](https://www.rfc-editor.org/rfc/rfc2516#section-4).
///
///     +-------+-------+---------------+-------------------------------+
///     |  VER  | TYPE  |   CODE = 0    |          SESSION_ID           |
///     +-------+-------+---------------+-------------------------------+
///     |            LENGTH             |  PPP protocol number ...
///     +-------------------------------+------------------------ - -
enum PPPoEHeader {
  static let etherType: UInt16 = 0x8864

  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 6, header[0] == 0x11, header[1] == 0 else { return .payload }
    state.offset &+= 6
    _ = state.limit(to: Int(header.uint16(at: 4)))
    return PPPFrame.decode(bytes, &state)
  }
}
