// SPDX-License-Identifier: Apache-2.0

/// A piece of an IP datagram
/// ([RFC 791 §2.3](https://www.rfc-editor.org/rfc/rfc791#section-2.3),
/// [RFC 8200 §4.5](https://www.rfc-editor.org/rfc/rfc8200#section-4.5)).
///
/// Its payload is the piece itself, transport header included. The first one's ports are in the
/// key; nothing else of its transport is read before the datagram is joined.
enum Fragment {
  /// Takes the piece that begins at `state.offset`, `units` times eight bytes into the datagram.
  @inline(never)
  static func enter(
    units: UInt16, more: Bool, transport: UInt8, _ bytes: Span<UInt8>,
    _ state: inout DecodingState
  ) -> NextLayer {
    state.packet.flags.insert(.isFragment)
    state.packet.fragment = units &<< 3 | (more ? 1 : 0)
    state.fingerprint.identity |= UInt64(state.packet.fragment) &<< 16
    state.setPayload()
    if units > 0 {
      state.packet.flags.insert(.isLaterFragment)
    } else if IPProtocols.hasPorts(transport) {
      PortHeader.decodePorts(state.rest(of: bytes), &state)
    }
    return .payload
  }
}
