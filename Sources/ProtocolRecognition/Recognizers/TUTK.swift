// SPDX-License-Identifier: Apache-2.0

/// ThroughTek Kalay (TUTK IOTC) datagrams (camera-protocols.md B8).
///
/// The header is scrambled by a fixed permutation; sixteen of its bits are known. The mask was
/// derived, not seen on a capture, so four datagrams in a row must agree.
struct TUTKRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  static let mask: UInt64 = 0x0FE0_1FEF_00F6_0100
  static let image: UInt64 = 0x0D20_082D_00E6_0000

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= 16 else { return .notMine }
    return bytes.integer64(8) & mask == image & mask ? .unsure : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.tutk, chunk)
    return .done
  }
}
