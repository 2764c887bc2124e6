// SPDX-License-Identifier: Apache-2.0

/// [Radiotap](https://www.radiotap.org) header before an 802.11 frame,
/// LINKTYPE_IEEE802_11_RADIOTAP; all fields are little-endian.
///
///     +---------+---------+-------------------+-------------------------------+
///     | version |   pad   |      length       |  present (more while bit 31)  |
///     +---------+---------+-------------------+-------------------------------+
///     | TSFT (8, aligned, bit 0) | flags (1, bit 1) | ...
///     +--------------------------+------------------+---------- - -
enum Radiotap {
  static let layer = LinkLayer(
    name: "802.11 radiotap", linkTypes: [127], decode: { decode($0, &$1) })

  /// The frame ends with its checksum ([flags field](https://www.radiotap.org/fields/Flags.html)).
  private static let hasChecksum: UInt8 = 0x10
  /// The 802.11 header is filled up to a multiple of four bytes.
  private static let isPadded: UInt8 = 0x20
  /// Most words of the presence bitmap that are followed.
  private static let maximumWords = 32
  private static let checksumLength = 4

  static func decode(_ bytes: Span<UInt8>, _ state: inout DecodingState) -> NextLayer {
    let header = state.rest(of: bytes)
    guard header.count >= 8, header[0] == 0 else { return .payload }
    let length = Int(header.littleEndian16(at: 2))
    let flags = flags(header, length: length)
    guard length >= 8 else { return .payload }
    state.offset &+= length
    if flags & hasChecksum != 0 {
      _ = state.limit(to: max(state.wireEnd &- state.offset &- checksumLength, 0))
    }
    return WirelessFrame.decode(bytes, isPadded: flags & isPadded != 0, &state)
  }

  private static func flags(_ header: Span<UInt8>, length: Int) -> UInt8 {
    let present = header.littleEndian32(at: 4)
    guard present & 2 != 0 else { return 0 }
    var words = 1
    while words < maximumWords, header.count >= 4 &+ words &* 4,
      header.littleEndian32(at: words &* 4) & 0x8000_0000 != 0
    {
      words &+= 1
    }
    var index = 4 &+ words &* 4
    if present & 1 != 0 { index = (index &+ 7) & ~7 &+ 8 }
    return index < min(length, header.count) ? header[index] : 0
  }
}
