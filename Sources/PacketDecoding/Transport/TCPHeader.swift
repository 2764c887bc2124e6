// SPDX-License-Identifier: Apache-2.0

/// TCP header, [RFC 9293 §3.1](https://www.rfc-editor.org/rfc/rfc9293#section-3.1).
///
///      0                   1                   2                   3
///     +-------------------------------+-------------------------------+
///     |          Source Port          |       Destination Port        |
///     |                        Sequence Number                        |
///     |                    Acknowledgment Number                      |
///     +-------+-------+---------------+-------------------------------+
///     |Offset |Rsrvd  |CWR ECE ... FIN|            Window             |
///     |           Checksum            |         Urgent Pointer        |
///     |                           [Options]                           |
///     +---------------------------------------------------------------+
enum TCPHeader {
  static let protocolNumber: UInt8 = 6
  /// Length of the header without options.
  static let minimumLength = 20

  @inline(__always)
  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) {
    let header = state.rest(of: bytes)
    guard header.count >= minimumLength else {
      decodeCut(header, &state)
      return
    }
    state.sourcePort = header.uint16(at: 0)
    state.destinationPort = header.uint16(at: 2)
    let sequenceNumber = header.uint32(at: 4)
    let acknowledgmentNumber = header.uint32(at: 8)
    let length = Int(header[12] >> 4) &* 4
    let tcpFlags = header[13]
    state.packet.sequenceNumber = sequenceNumber
    state.packet.acknowledgmentNumber = acknowledgmentNumber
    state.packet.tcpFlags = tcpFlags
    state.packet.window = header.uint16(at: 14)
    state.packet.flags.insert(.hasTransportHeader)
    state.fingerprint.transport = UInt64(sequenceNumber) &<< 32 | UInt64(acknowledgmentNumber)
    state.fingerprint.checksum = UInt64(header.uint16(at: 16)) &<< 8 | UInt64(tcpFlags)
    guard length >= minimumLength, state.wireEnd &- state.offset >= length else {
      state.markMalformed()
      state.offset = length < minimumLength ? state.offset &+ minimumLength : state.wireEnd
      state.setPayload()
      return
    }
    if length > minimumLength { state.packet.flags.insert(.hasTransportOptions) }
    // In the customary layout (two no-operations before them) these are the timestamps.
    if length >= 32, header.count >= 32 { state.fingerprint.options = header.uint64(at: 24) }
    state.offset &+= length
    state.setPayload()
  }

  /// A header of which only the ports, or less, were captured.
  @inline(never)
  private static func decodeCut(_ header: Span<UInt8>, _ state: inout DecodingState) {
    PortHeader.decodePorts(header, &state)
    // How long the header was is not known; the shortest is assumed for the volume.
    var length = minimumLength
    if header.count >= 13 {
      let stated = Int(header[12] >> 4) &* 4
      length = max(stated, minimumLength)
    }
    state.offset &+= min(length, max(state.wireEnd &- state.offset, 0))
    state.setPayload()
  }
}
