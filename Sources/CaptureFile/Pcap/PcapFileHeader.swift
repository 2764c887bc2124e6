// SPDX-License-Identifier: Apache-2.0

/// File header of pcap
/// ([draft-ietf-opsawg-pcap](https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/) section 4).
///
/// ```
///  0           4                8          12         16         20          24
/// +-----------+-------+--------+----------+----------+----------+-----------+
/// | magic     | major | minor  | zone     | accuracy | snap len | link type |
/// +-----------+-------+--------+----------+----------+----------+-----------+
/// ```
struct PcapFileHeader {
  var layout = PcapLayout()
  var format = CaptureFormat.pcap
  var headerByteCount = 24
  var snapLength: UInt32
  var linkType: LinkType
  var resolution: UInt64
  var hasKnownVersion: Bool

  /// A magic with what it says of the records.
  struct Magic {
    var value: UInt32
    var format: CaptureFormat
    var recordHeaderByteCount: Int
    var nanosecondsPerUnit: Int64
    var headerByteCount: Int
  }

  /// The magics, as Wireshark's wiretap and libpcap know them.
  ///
  /// IXIA's variants have one more
  /// field, the size of all records, at the end of the file header.
  static let magics: [Magic] = [
    Magic(
      value: 0xa1b2_c3d4, format: .pcap, recordHeaderByteCount: 16, nanosecondsPerUnit: 1000,
      headerByteCount: 24),
    Magic(
      value: 0xa1b2_3c4d, format: .pcap, recordHeaderByteCount: 16, nanosecondsPerUnit: 1,
      headerByteCount: 24),
    Magic(
      value: 0xa1b2_cd34, format: .pcapModified, recordHeaderByteCount: 24,
      nanosecondsPerUnit: 1000, headerByteCount: 24),
    Magic(
      value: 0x1c00_01ac, format: .pcap, recordHeaderByteCount: 16, nanosecondsPerUnit: 1,
      headerByteCount: 28),
    Magic(
      value: 0x1c00_01ab, format: .pcap, recordHeaderByteCount: 16, nanosecondsPerUnit: 1000,
      headerByteCount: 28),
  ]

  /// The magic at the start of `bytes`, and whether the file is big-endian.
  static func magic(_ bytes: Span<UInt8>) -> (magic: Magic, isBigEndian: Bool)? {
    guard bytes.count >= 4 else { return nil }
    let little = LittleEndian.load32(bytes, 0)
    let big = BigEndian.load32(bytes, 0)
    for magic in magics {
      if magic.value == little { return (magic, false) }
      if magic.value == big { return (magic, true) }
    }
    return nil
  }

  /// Reads the header at the start of the file; nil when it is none or not all there.
  ///
  /// The records that follow tell the variants apart that share a magic.
  init?(_ bytes: Span<UInt8>) {
    guard let (magic, isBigEndian) = Self.magic(bytes), bytes.count >= magic.headerByteCount else {
      return nil
    }
    let header = bytes.extracting(0..<24)
    func word(_ offset: Int) -> UInt32 {
      isBigEndian ? BigEndian.load32(header, offset) : LittleEndian.load32(header, offset)
    }
    let major =
      isBigEndian ? BigEndian.load16(header, 4) : LittleEndian.load16(header, 4)
    let minor = isBigEndian ? BigEndian.load16(header, 6) : LittleEndian.load16(header, 6)
    hasKnownVersion = major == 2
    if major == 2 && minor < 4 {
      layout.lengths = minor < 3 ? .originalFirst : .eitherFirst
    }
    snapLength = word(16)
    // The upper six bits tell of frame check sequences.
    linkType = LinkType(rawValue: word(20) & 0x03ff_ffff)
    format = magic.format
    headerByteCount = magic.headerByteCount
    layout.isBigEndian = isBigEndian
    layout.recordHeaderByteCount = magic.recordHeaderByteCount
    layout.nanosecondsPerUnit = magic.nanosecondsPerUnit
    resolution = magic.nanosecondsPerUnit == 1 ? 1_000_000_000 : 1_000_000
    let greatest = UInt32(RecordWalker.maximumRecordByteCount)
    layout.lengthLimit = max(UInt32(PcapLayout.ordinaryLengthLimit), min(snapLength, greatest))
    if magic.value == 0xa1b2_c3d4 { tellVariant(bytes) }
  }

  /// Number of records that must chain before a file is taken for a variant.
  ///
  /// Wireshark looks at three; one more record of chance matters little in a file whose plain
  /// reading has failed already.
  private static let chainForVariant = 3

  /// Nokia and early modified files bear the ordinary magic: they are told by records that
  /// chain with another header length and do not with the ordinary one.
  private mutating func tellVariant(_ bytes: Span<UInt8>) {
    let ordinary = chained(bytes, recordHeaderByteCount: 16)
    if ordinary.reachesEnd || ordinary.count >= Self.chainForVariant { return }
    if ordinaryRecordsFill(bytes) { return }
    for (variant, byteCount) in [(CaptureFormat.pcapNokia, 20), (.pcapModified, 24)] {
      let other = chained(bytes, recordHeaderByteCount: byteCount)
      let isLonger = other.count > ordinary.count
      if isLonger && (other.reachesEnd || other.count >= Self.chainForVariant) {
        format = variant
        layout.recordHeaderByteCount = byteCount
        return
      }
    }
  }

  /// Whether ordinary records end with the last of the bytes, however odd their times and original
  /// lengths are.
  ///
  /// By chance they hardly ever do; captures made up to crash readers often have such times.
  private func ordinaryRecordsFill(_ bytes: Span<UInt8>) -> Bool {
    var position = headerByteCount
    while bytes.count &- position >= layout.recordHeaderByteCount {
      position = layout.next(bytes, at: position)
    }
    return position == bytes.count
  }

  private func chained(
    _ bytes: Span<UInt8>, recordHeaderByteCount: Int
  ) -> (count: Int, reachesEnd: Bool) {
    var trial = layout
    trial.recordHeaderByteCount = recordHeaderByteCount
    var position = headerByteCount
    var count = 0
    var reference: Int64?
    while count < 8 {
      if position == bytes.count { return (count, true) }
      guard
        let next = trial.plausibleNext(bytes, at: position, referenceTime: reference)
      else { return (count, false) }
      let header = bytes.extracting(position..<position &+ 16)
      let seconds =
        layout.isBigEndian ? BigEndian.load32(header, 0) : LittleEndian.load32(header, 0)
      reference = reference ?? Int64(seconds) &* 1_000_000_000
      count += 1
      // A record that ends beyond the bytes at hand is no proof against the variant.
      if next > bytes.count { return (count, count > 1) }
      position = next
    }
    return (count, false)
  }
}
