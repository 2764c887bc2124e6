// SPDX-License-Identifier: Apache-2.0

/// The formats by their first bytes, in the order in which they are tried.
enum CaptureFormats {
  static let all: [@Sendable (Span<UInt8>) -> CaptureStart?] = [
    startOfPcapng,
    startOfPcap,
    startOfSnoop,
  ]

  /// Whether a file begins as a capture does, compressed or not.
  static func isCapture(_ input: CaptureInput) -> Bool {
    guard let file = try? OpenFile(input),
      let (_, source) = try? CompressionFormats.open(FileByteSource(file), name: input.name)
    else { return false }
    let block = Block(byteCount: 4096)
    block.append(from: source, to: block.capacity)
    return all.contains { $0(block.bytes) != nil }
  }

  private static func startOfPcapng(_ bytes: Span<UInt8>) -> CaptureStart? {
    guard bytes.count >= 12,
      LittleEndian.load32(bytes, 0) == PcapngBlockType.sectionHeader.rawValue,
      SectionHeaderBlock.isBigEndian(bytes, at: 0) != nil
    else { return nil }
    return CaptureStart(walker: RecordWalker(format: .pcapng), headerByteCount: 0)
  }

  private static func startOfSnoop(_ bytes: Span<UInt8>) -> CaptureStart? {
    guard let linkType = SnoopFile.linkType(bytes) else { return nil }
    var walker = RecordWalker(format: .snoop)
    walker.linkTypes = [linkType]
    walker.interfaces = [
      CaptureInterface(
        id: 0, linkType: linkType, snapLength: 0, timestampResolution: 1_000_000)
    ]
    var start = CaptureStart(walker: walker, headerByteCount: SnoopFile.headerByteCount)
    start.facts.sections = 1
    return start
  }

  private static func startOfPcap(_ bytes: Span<UInt8>) -> CaptureStart? {
    guard let header = PcapFileHeader(bytes) else { return nil }
    var walker = RecordWalker(format: header.format)
    walker.pcap = header.layout
    walker.linkTypes = [header.linkType]
    walker.interfaces = [
      CaptureInterface(
        id: 0, linkType: header.linkType, snapLength: header.snapLength,
        timestampResolution: header.resolution)
    ]
    var start = CaptureStart(walker: walker, headerByteCount: header.headerByteCount)
    start.facts.sections = 1
    if !header.hasKnownVersion {
      start.facts.note(CaptureDamage(offset: 4, reason: .unknownVersion, bytesSkipped: 0))
    }
    return start
  }
}
