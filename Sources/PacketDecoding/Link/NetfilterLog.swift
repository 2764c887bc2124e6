// SPDX-License-Identifier: Apache-2.0

/// Linux netfilter log messages,
/// [LINKTYPE_NFLOG](https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html).
///
///     +---------------+---------------+-------------------------------+
///     |address family |  version = 0  |          resource ID          |
///     +---------------+---------------+-------------------------------+
///     |  TLV length, host byte order  |   TLV type, host byte order   |
///     |  value, filled up to a multiple of four bytes ...             |
///     +---------------------------------------------------------------+
enum NetfilterLog {
  static let layer = LinkLayer(
    name: "netfilter log", linkTypes: [239], decode: { decode($0, &$1) })

  /// `NFULA_PAYLOAD`: the packet.
  private static let payload: UInt16 = 9
  private static let ipv4: UInt8 = 2
  private static let ipv6: UInt8 = 10

  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let message = state.rest(of: bytes)
    guard message.count >= 8, message[1] == 0 else { return .payload }
    guard message[0] == ipv4 || message[0] == ipv6 else { return .payload }
    // Types are below 256, so the order in which the first one is so is the machine's.
    let isLittleEndian = message.littleEndian16(at: 6) < 0x100
    var index = 4
    while index &+ 4 <= message.count {
      let length = Int(
        isLittleEndian ? message.littleEndian16(at: index) : message.uint16(at: index))
      let type =
        isLittleEndian
        ? message.littleEndian16(at: index &+ 2) : message.uint16(at: index &+ 2)
      guard length >= 4 else { return .payload }
      if type == payload {
        state.offset &+= index &+ 4
        _ = state.limit(to: length &- 4)
        return .internet
      }
      index &+= (length &+ 3) & ~3
    }
    return .payload
  }
}
