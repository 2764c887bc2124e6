// SPDX-License-Identifier: Apache-2.0

/// GRE, [RFC 2784 §2](https://www.rfc-editor.org/rfc/rfc2784#section-2), with routing
/// ([RFC 1701](https://www.rfc-editor.org/rfc/rfc1701)), key and sequence number
/// ([RFC 2890](https://www.rfc-editor.org/rfc/rfc2890)); version 1 is PPTP's
/// ([RFC 2637 §4.1](https://www.rfc-editor.org/rfc/rfc2637#section-4.1)).
///
///     +-+-+-+-+-+-----+-+-------+-----+-------------------------------+
///     |C|R|K|S|s|Recur|A| Flags | Ver |         Protocol Type         |
///     +-+-+-+-+-+-----+-+-------+-----+-------------------------------+
///     |      Checksum (C or R)        |       Offset (C or R)         |
///     |                            Key (K)                            |
///     |                      Sequence Number (S)                      |
///     |                 Acknowledgment Number (A, v1)                 |
///     |                 Routing (R), variable length                  |
///     +---------------------------------------------------------------+
enum GRE {
  static let tunnel = Tunnel(
    name: "GRE", carriers: [.ipProtocol(47)], decode: { decode($0, &$1) })

  private static let checksumPresent: UInt16 = 0x8000
  private static let routingPresent: UInt16 = 0x4000
  private static let keyPresent: UInt16 = 0x2000
  private static let sequencePresent: UInt16 = 0x1000
  private static let acknowledgmentPresent: UInt16 = 0x0080
  private static let pppProtocolType: UInt16 = 0x880B

  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 4 else { return .payload }
    let word = header.uint16(at: 0)
    let protocolType = header.uint16(at: 2)
    let version = word & 7
    guard version <= 1 else { return .payload }
    var length = 4
    if version == 0, word & (checksumPresent | routingPresent) != 0 { length &+= 4 }
    if word & keyPresent != 0 { length &+= 4 }
    if word & sequencePresent != 0 { length &+= 4 }
    if version == 1, word & acknowledgmentPresent != 0 { length &+= 4 }
    if version == 0, word & routingPresent != 0 {
      // Entries of address family (2), offset (1), length (1), data; the last one has length 0.
      while header.count >= length &+ 4 {
        let size = Int(header[length &+ 3])
        length &+= 4 &+ size
        if size == 0 { break }
      }
    }
    state.offset &+= length
    if version == 1 {
      guard protocolType == pppProtocolType, word & sequencePresent != 0 else { return .payload }
      return PPPFrame.decode(bytes, &state)
    }
    switch protocolType {
    case ERSPAN.typeTwoProtocolType:
      return ERSPAN.decodeTypeOneOrTwo(
        hasSequenceNumber: word & sequencePresent != 0, bytes, &state)
    case ERSPAN.typeThreeProtocolType:
      return ERSPAN.decodeTypeThree(bytes, &state)
    case WCCP.protocolType:
      return WCCP.decode(bytes, &state)
    default:
      return .etherType(protocolType)
    }
  }
}
