// SPDX-License-Identifier: Apache-2.0

/// ICMP ([RFC 792](https://www.rfc-editor.org/rfc/rfc792)) and ICMPv6
/// ([RFC 4443 §2.1](https://www.rfc-editor.org/rfc/rfc4443#section-2.1)) header.
///
///     +---------------+---------------+-------------------------------+
///     |     Type      |     Code      |           Checksum            |
///     |                  rest, by type (identifier, sequence ...)     |
///     +---------------------------------------------------------------+
///
/// The packet that an error quotes is payload: it was counted when it passed.
enum ICMPHeader {
  static let length = 8

  @inline(never)
  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) {
    let header = state.rest(of: bytes)
    if header.count >= length {
      state.packet.flags.insert(.hasTransportHeader)
      state.fingerprint.transport = header.uint64(at: 0)
      state.packet.window = header.uint16(at: 0)
    }
    state.offset &+= min(length, max(state.wireEnd &- state.offset, 0))
    state.setPayload()
  }
}
