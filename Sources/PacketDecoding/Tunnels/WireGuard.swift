// SPDX-License-Identifier: Apache-2.0

/// WireGuard messages ([protocol](https://www.wireguard.com/protocol/)).
///
/// Encrypted: recognised only, and here only on its customary port; the recognizer of the protocol looks at every port.
///
///     +---------------+-----------------------------------------------+
///     |  type, 1 to 4 |               reserved = 0                    |
///     +---------------------------------------------------------------+
///     |  sender or receiver index, counter, encrypted packet ...      |
///     +---------------------------------------------------------------+
enum WireGuard {
  static let tunnel = Tunnel(
    name: "WireGuard", carriers: [.udpPort(51_820)], isOpaque: true,
    decode: { decode($0, &$1) })

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 4, header.uint32(at: 0) & 0x00FF_FFFF == 0 else { return .payload }
    let length = state.wireEnd &- state.offset
    // Initiation, response and cookie reply have one size; data is padded to 16 bytes.
    switch header[0] {
    case 1 where length == 148, 2 where length == 92, 3 where length == 64: return .opaque
    case 4 where length >= 32 && length % 16 == 0: return .opaque
    default: return .payload
    }
  }
}
