// SPDX-License-Identifier: Apache-2.0

extension RecordWalker {
  /// Reads the packet block that the enhanced one replaced, appendix A of the pcapng draft.
  ///
  /// ```
  ///  0        4        8           10      12        16       20         24         28
  /// +--------+--------+-----------+-------+---------+--------+----------+----------+--- - -
  /// | type   | length | interface | drops | time hi | time lo| captured | original | packet
  /// +--------+--------+-----------+-------+---------+--------+----------+----------+--- - -
  /// ```
  mutating func readObsoletePacket(
    _ block: Span<UInt8>, _ value: PcapngValue, at position: Int, offset: UInt64,
    into records: inout OutputSpan<CaptureRecord>, facts: inout FramingFacts
  ) {
    let header = Self.packetHeaderByteCount
    guard block.count >= header + 4 else {
      facts.note(
        CaptureDamage(
          offset: offset, reason: .badBlockLength, bytesSkipped: UInt64(block.count)))
      return
    }
    let index = Int(value.half(block, 8))
    let captured = value.word(block, 20)
    guard index < pcapng.interfaces.count, Int(captured) <= block.count - header - 4 else {
      let isKnown = index < pcapng.interfaces.count
      facts.note(
        CaptureDamage(
          offset: offset, reason: isKnown ? .badRecordLength : .unknownInterface,
          bytesSkipped: UInt64(block.count)))
      return
    }
    let ticks = UInt64(value.word(block, 12)) << 32 | UInt64(value.word(block, 16))
    records.append(
      CaptureRecord(
        time: pcapng.interfaces[index].unit.time(of: ticks),
        offset: UInt32(truncatingIfNeeded: position + header), capturedLength: captured,
        originalLength: value.word(block, 24),
        interface: UInt32(truncatingIfNeeded: pcapng.firstInterface + index)))
    let options = header + (Int(captured) + 3) & ~3
    if options + 4 < block.count {
      noteComments(block, options..<block.count - 4, into: &facts)
    }
  }
}
