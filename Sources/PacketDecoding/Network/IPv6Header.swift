// SPDX-License-Identifier: Apache-2.0

/// IPv6 header, [RFC 8200 §3](https://www.rfc-editor.org/rfc/rfc8200#section-3).
///
///      0                   1                   2                   3
///     +-------+---------------+---------------------------------------+
///     |Version| Traffic Class |              Flow Label               |
///     +-------+---------------+-------+---------------+---------------+
///     |        Payload Length         |  Next Header  |   Hop Limit   |
///     +-------------------------------+---------------+---------------+
///     |                  Source Address (128 bits)                    |
///     |               Destination Address (128 bits)                  |
///     +---------------------------------------------------------------+
enum IPv6Header {
  /// Length of the header without extension headers.
  static let minimumLength = 40

  @inline(__always)
  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    guard state.has(minimumLength) else { return .payload }
    let header = state.rest(of: bytes)
    guard header.count >= minimumLength else { return .payload }
    let word = header.uint32(at: 0)
    guard word >> 28 == 6 else {
      state.markMalformed()
      return .payload
    }
    let payloadLength = Int(header.uint16(at: 4))
    let nextHeader = header[6]
    let fits: Bool
    if payloadLength == 0, IPv6ExtensionHeaders.mayBeJumbo(nextHeader) {
      // A jumbogram (RFC 2675) or a segmentation offload: what the record holds is the packet.
      fits = true
    } else {
      fits = state.limit(to: minimumLength &+ payloadLength)
    }
    guard fits || state.depth == 0 else { return .payload }
    state.enterNetworkLayer(
      source: IPAddress(high: header.uint64(at: 8), low: header.uint64(at: 16)),
      destination: IPAddress(high: header.uint64(at: 24), low: header.uint64(at: 32)),
      timeToLive: header[7], trafficClass: UInt8(truncatingIfNeeded: word >> 20))
    state.packet.protocolNumber = nextHeader
    state.fingerprint.identity = UInt64(word & 0xF_FFFF) &<< 32 | UInt64(payloadLength)
    if !fits { state.packet.flags.insert(.isMalformed) }
    state.offset &+= minimumLength
    if nextHeader == 6 || nextHeader == 17 { return .ipProtocol(nextHeader) }
    return IPv6ExtensionHeaders.decode(nextHeader, bytes, &state)
  }
}
