// SPDX-License-Identifier: Apache-2.0

/// IPv4 header, [RFC 791 §3.1](https://www.rfc-editor.org/rfc/rfc791#section-3.1).
///
///      0                   1                   2                   3
///     +-------+-------+---------------+-------------------------------+
///     |Version|  IHL  |Type of Service|          Total Length         |
///     +-------+-------+---------------+-----+-------------------------+
///     |         Identification        |Flags|      Fragment Offset    |
///     +---------------+---------------+-----+-------------------------+
///     |  Time to Live |    Protocol   |         Header Checksum       |
///     +---------------+---------------+-------------------------------+
///     |                       Source Address                          |
///     |                    Destination Address                        |
///     |                    Options                    |    Padding    |
///     +---------------------------------------------------------------+
enum IPv4Header {
  /// Length of the header without options.
  static let minimumLength = 20
  /// More fragments follow, in the word of flags and fragment offset.
  private static let moreFragments: UInt16 = 0x2000

  @inline(__always)
  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    guard state.has(minimumLength) else { return .payload }
    let header = state.rest(of: bytes)
    guard header.count >= minimumLength else { return .payload }
    let versionAndLength = header[0]
    let totalLength = Int(header.uint16(at: 2))
    let headerLength = Int(versionAndLength & 0x0F) &* 4
    guard versionAndLength >> 4 == 4, headerLength >= minimumLength else {
      state.markMalformed()
      // Some senders write IPv6 under IPv4's number; Wireshark follows the version too.
      return versionAndLength >> 4 == 6 ? .etherType(EtherTypes.ipv6) : .payload
    }
    let fits: Bool
    if totalLength == 0 {
      // A segmentation offload left the length to the card, or the packet is above 64 KiB
      // ("BIG TCP"): everything the record holds is the packet.
      fits = state.wireEnd &- state.offset >= headerLength
    } else if totalLength < headerLength {
      fits = false
    } else {
      fits = state.limit(to: totalLength)
    }
    // Inside a tunnel a length that does not fit shows that the guess was wrong.
    guard fits || state.depth == 0 else { return .payload }
    let transport = header[9]
    state.enterNetworkLayer(
      source: IPAddress(v4: header.uint32(at: 12)),
      destination: IPAddress(v4: header.uint32(at: 16)),
      timeToLive: header[8], trafficClass: header[1])
    state.packet.protocolNumber = transport
    let identification = header.uint16(at: 4)
    let fragment = header.uint16(at: 6)
    state.fingerprint.identity = UInt64(identification) &<< 32
    if !fits {
      state.packet.flags.insert(.isMalformed)
      if totalLength != 0, totalLength < headerLength {
        state.offset = state.wireEnd
        state.setPayload()
        return .payload
      }
    }
    state.offset &+= headerLength
    if fragment & ~0xC000 != 0 {
      state.packet.identification = UInt32(identification)
      return Fragment.enter(
        units: fragment & 0x1FFF, more: fragment & moreFragments != 0, transport: transport,
        bytes, &state)
    }
    return .ipProtocol(transport)
  }
}
