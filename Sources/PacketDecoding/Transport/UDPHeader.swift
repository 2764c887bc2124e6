// SPDX-License-Identifier: Apache-2.0

/// UDP header, [RFC 768](https://www.rfc-editor.org/rfc/rfc768).
///
///     +-------------------------------+-------------------------------+
///     |          Source Port          |       Destination Port        |
///     |            Length             |           Checksum            |
///     +-------------------------------+-------------------------------+
enum UDPHeader {
  static let protocolNumber: UInt8 = 17
  static let length = 8

  @inline(__always)
  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) {
    let header = state.rest(of: bytes)
    guard header.count >= length else {
      PortHeader.decode(headerLength: length, bytes, &state)
      return
    }
    state.sourcePort = header.uint16(at: 0)
    state.destinationPort = header.uint16(at: 2)
    state.packet.flags.insert(.hasTransportHeader)
    let datagramLength = Int(header.uint16(at: 4))
    state.fingerprint.transport = UInt64(header.uint32(at: 4))
    // Length 0 is that of a jumbogram (RFC 2675 §4) or was left to the card.
    var fits = true
    if datagramLength >= length {
      fits = state.limit(to: datagramLength)
    } else if datagramLength != 0 {
      state.markMalformed()
    }
    state.offset &+= length
    state.setPayload()
    if !fits {
      // The lengths of IP and UDP contradict each other. The datagram's own is stated, as
      // Wireshark does; that it cannot be so shows in the flag and in the bytes on the wire.
      state.markMalformed()
      state.packet.payloadLength = UInt32(truncatingIfNeeded: datagramLength &- length)
    }
  }
}
