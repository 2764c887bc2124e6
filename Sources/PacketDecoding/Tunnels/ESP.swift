// SPDX-License-Identifier: Apache-2.0

/// IPsec payload, [RFC 4303 §2](https://www.rfc-editor.org/rfc/rfc4303#section-2), also inside UDP,
/// [RFC 3948 §2](https://www.rfc-editor.org/rfc/rfc3948#section-2).
///
/// Encrypted: recognised only.
///
///     +---------------------------------------------------------------+
///     |      Security Parameters Index (0 in UDP: key exchange)       |
///     |                        Sequence Number                        |
///     |                   encrypted payload, trailer                  |
///     +---------------------------------------------------------------+
enum ESP {
  static let tunnel = Tunnel(
    name: "ESP", carriers: [.ipProtocol(50), .udpPort(4500)], isOpaque: true,
    decode: { decode($0, &$1) })
  /// Index, sequence number, one block of the cipher, trailer.
  private static let minimumLength = 20

  private static func decode(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let header = state.rest(of: bytes)
    // Indices 1 to 255 are reserved, so key exchange (0) and small numbers are something else.
    guard header.count >= 8, state.wireEnd &- state.offset >= minimumLength,
      header.uint32(at: 0) > 255
    else { return .payload }
    return .opaque
  }
}
