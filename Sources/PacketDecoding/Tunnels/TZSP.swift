// SPDX-License-Identifier: Apache-2.0

/// TaZmen Sniffer Protocol, by which MikroTik routers and wireless sensors mirror frames
/// ([description](https://web.archive.org/web/20050404125022/http://www.networkchemistry.com/support/appnotes/an001_tzsp.html)).
///
///     +---------------+---------------+-------------------------------+
///     |  version = 1  |  type = 0     |    encapsulated protocol      |
///     +---------------+---------------+-------------------------------+
///     |  tags: type, length, value; 0 is padding, 1 the end ...       |
///     +---------------------------------------------------------------+
enum TZSP {
  static let tunnel = Tunnel(
    name: "TZSP", carriers: [.udpPort(37008)], decode: { decode($0, &$1) })
  private static let padding: UInt8 = 0
  private static let end: UInt8 = 1

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    // Types 0 and 1 carry a frame, received or to be sent.
    guard header.count >= 5, header[0] == 1, header[1] <= 1 else { return .payload }
    var index = 4
    while index < header.count, header[index] != end {
      if header[index] == padding {
        index &+= 1
      } else {
        guard index &+ 1 < header.count else { return .payload }
        index &+= 2 &+ Int(header[index &+ 1])
      }
    }
    guard index < header.count else { return .payload }
    state.offset &+= index &+ 1
    switch header.uint16(at: 2) {
    case 1: return .link(EthernetFrame.linkType)
    case 18: return .link(WirelessFrame.linkType)
    case 119: return PrismHeader.decode(bytes, &state)
    case 127: return AVSHeader.decode(bytes, &state)
    default: return .payload
    }
  }
}
