// SPDX-License-Identifier: Apache-2.0

/// A transport header of which only the two ports in its first four bytes are read: UDP-Lite
/// ([RFC 3828](https://www.rfc-editor.org/rfc/rfc3828)), SCTP
/// ([RFC 9260 §3.1](https://www.rfc-editor.org/rfc/rfc9260#section-3.1)), DCCP
/// ([RFC 4340 §5.1](https://www.rfc-editor.org/rfc/rfc4340#section-5.1)), and any that was cut.
///
///     +-------------------------------+-------------------------------+
///     |          Source Port          |       Destination Port        |
///     +-------------------------------+-------------------------------+
enum PortHeader {
  /// Length of the UDP-Lite header; its length field says what the checksum covers, not the size.
  static let udpLiteLength = 8
  /// Length of the common header of SCTP.
  static let sctpLength = 12
  /// Length of the shortest DCCP header.
  static let dccpLength = 12

  @inline(never)
  static func decode(
    headerLength: Int, _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) {
    let header = state.rest(of: bytes)
    decodePorts(header, &state)
    if header.count >= headerLength, header.count >= 8 {
      state.packet.flags.insert(.hasTransportHeader)
      state.fingerprint.transport = UInt64(header.uint32(at: 4))
      if headerLength >= 12, header.count >= 12 {
        state.fingerprint.checksum = UInt64(header.uint32(at: 8))
      }
    }
    state.offset &+= min(headerLength, max(state.wireEnd &- state.offset, 0))
    state.setPayload()
  }

  /// Reads the ports at the start of a header, as far as they were captured.
  static func decodePorts(_ header: Span<UInt8>, _ state: inout DecodingState) {
    guard header.count >= 4 else {
      state.packet.flags.insert(.lacksPorts)
      return
    }
    state.sourcePort = header.uint16(at: 0)
    state.destinationPort = header.uint16(at: 2)
  }
}
