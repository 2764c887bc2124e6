// SPDX-License-Identifier: Apache-2.0

/// The chain of IPv6 extension headers,
/// [RFC 8200 §4](https://www.rfc-editor.org/rfc/rfc8200#section-4),
/// [IANA](https://www.iana.org/assignments/ipv6-parameters).
///
///     +---------------+---------------+---------------- - -
///     |  Next Header  | Hdr Ext Len   |  header-specific data
///     +---------------+---------------+---------------- - -
///
/// `Hdr Ext Len` counts units of 8 bytes without the first 8; the authentication header
/// ([RFC 4302 §2](https://www.rfc-editor.org/rfc/rfc4302#section-2)) counts 4 bytes without the
/// first 8; the fragment header is 8 bytes long:
///
///     |  Next Header  |   Reserved    |   Fragment Offset   |Res|M|
///     |                        Identification                     |
///
/// The destination is that of the IPv6 header, as others count it: with a routing header the next
/// stop.
enum IPv6ExtensionHeaders {
  private static let hopByHop: UInt8 = 0
  private static let routing: UInt8 = 43
  private static let fragment: UInt8 = 44
  /// Stands behind IPv4 too.
  static let authentication: UInt8 = 51
  private static let destinationOptions: UInt8 = 60
  private static let mobility: UInt8 = 135
  private static let hostIdentity: UInt8 = 139
  private static let shim6: UInt8 = 140
  /// Option type of the jumbo payload length,
  /// [RFC 2675 §2](https://www.rfc-editor.org/rfc/rfc2675#section-2).
  private static let jumboPayload: UInt8 = 0xC2

  /// Whether a payload length of zero can mean "more than 64 KiB" before this header.
  @inline(__always)
  static func mayBeJumbo(_ nextHeader: UInt8) -> Bool {
    nextHeader == 6 || nextHeader == 17 || nextHeader == hopByHop
  }

  /// Follows the chain from `first`, whose header begins at `state.offset`.
  ///
  /// - Complexity: O(bytes of the chain).
  @inline(never)
  static func decode(
    _ first: UInt8, _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    var next = first
    while true {
      state.packet.protocolNumber = next
      switch next {
      case hopByHop, routing, fragment, authentication, destinationOptions, mobility,
        hostIdentity, shim6:
        break
      default:
        return .ipProtocol(next)
      }
      let header = state.rest(of: bytes)
      guard header.count >= 8 else {
        state.setPayload()
        return .payload
      }
      let following = header[0]
      if next == fragment {
        let place = header.uint16(at: 2)
        state.offset &+= 8
        state.packet.identification = header.uint32(at: 4)
        // RFC 6946: an atomic fragment, offset 0 and no more, is a whole datagram.
        if place & ~0x6 != 0 {
          state.packet.protocolNumber = following
          state.fingerprint.identity = UInt64(header.uint32(at: 4)) &<< 32
          return Fragment.enter(
            units: place >> 3, more: place & 1 == 1, transport: following, bytes, &state)
        }
        next = following
        continue
      }
      let unit = next == authentication ? 4 : 8
      let length = 8 &+ Int(header[1]) &* unit
      if next == hopByHop, state.packet.flags.contains(.hasNetworkLayer) {
        applyJumboLength(header, length: length, &state)
      }
      guard state.wireEnd &- state.offset >= length else {
        state.markMalformed()
        state.setPayload()
        return .payload
      }
      state.offset &+= length
      next = following
    }
  }

  /// Reads the length of a jumbogram, if the header has one, and ends the packet there.
  private static func applyJumboLength(
    _ header: Span<UInt8>, length: Int, _ state: inout DecodingState
  ) {
    var index = 2
    let end = min(length, header.count)
    while index &+ 6 <= end {
      let type = header[index]
      if type == 0 {
        index &+= 1
        continue
      }
      let size = Int(header[index &+ 1])
      if type == jumboPayload, size == 4 {
        if !state.limit(to: Int(header.uint32(at: index &+ 2))) { state.markMalformed() }
        return
      }
      index &+= 2 &+ size
    }
  }
}
