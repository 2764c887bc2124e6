// SPDX-License-Identifier: Apache-2.0

/// L2TP version 3 data message with an Ethernet pseudo-wire,
/// [RFC 3931 §4.1](https://www.rfc-editor.org/rfc/rfc3931#section-4.1) and
/// [RFC 4719](https://www.rfc-editor.org/rfc/rfc4719).
///
///     +---------------------------------------------------------------+
///     |T = 0 x x x ...        |Ver = 3|           Reserved            |  over UDP only
///     |                  Session ID, 0 for control                    |
///     |                  Cookie (0, 32 or 64 bits)                    |
///     |                  Layer 2 specific sublayer (0 or 32 bits)     |
///     +---------------------------------------------------------------+
///
/// How long cookie and sublayer are is agreed between the endpoints and not stated: the frame is
/// looked for at each place that they allow, and taken where it leads to an IP packet whose
/// version and length fit. Frames without IP leave the message a flow of its own.
enum L2TPv3 {
  static let tunnel = Tunnel(
    name: "L2TPv3", carriers: [.ipProtocol(115), .udpPort(1701)], decode: { decode($0, &$1) })

  private static let datagramHeader: UInt32 = 0x0003_0000
  /// Bytes that cookie and sublayer may have together.
  private static let optionalLengths = [0, 4, 8, 12]

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let message = state.rest(of: bytes)
    guard message.count >= 8 else { return .payload }
    var length = 4
    var session = message.uint32(at: 0)
    // Over UDP, which has ports, the session stands behind a word of its own.
    if state.sourcePort != 0 || state.destinationPort != 0 {
      guard session == datagramHeader else { return .payload }
      session = message.uint32(at: 4)
      length = 8
    }
    guard session != 0 else { return .payload }
    for optional in optionalLengths where leadsToInternet(message, at: length &+ optional) {
      state.offset &+= length &+ optional
      return .link(EthernetFrame.linkType)
    }
    return .payload
  }

  /// Whether an Ethernet frame at `start` holds an IP packet that ends within the message.
  private static func leadsToInternet(_ message: Span<UInt8>, at start: Int) -> Bool {
    var offset = start &+ 12
    for _ in 0...2 {
      guard message.count >= offset &+ 8 else { return false }
      let type = message.uint16(at: offset)
      let left = message.count &- offset &- 2
      switch type {
      case EtherTypes.ipv4:
        let packet = message.extracting((offset &+ 2)...)
        return packet[0] >> 4 == 4 && packet[0] & 0x0F >= 5 && Int(packet.uint16(at: 2)) <= left
      case EtherTypes.ipv6:
        let packet = message.extracting((offset &+ 2)...)
        return packet[0] >> 4 == 6 && Int(packet.uint16(at: 4)) &+ 40 <= left
      case _ where VLANTag.etherTypes.contains(type): offset &+= 4
      default: return false
      }
    }
    return false
  }
}
