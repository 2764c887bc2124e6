// SPDX-License-Identifier: Apache-2.0

extension RecordWalker {
  /// Reads a simple packet block, section 4.4 of the pcapng draft.
  ///
  /// It is a packet of the section's first interface without a time.
  ///
  /// ```
  ///  0        4        8                 12
  /// +--------+--------+-----------------+------------------+--------+
  /// | type   | length | original length | packet, padded   | length |
  /// +--------+--------+-----------------+------------------+--------+
  /// ```
  ///
  /// It takes the time of the packet before it, so that order by time holds.
  mutating func readSimplePacket(
    _ block: Span<UInt8>, _ value: PcapngValue, at position: Int, offset: UInt64,
    into records: inout OutputSpan<CaptureRecord>, facts: inout FramingFacts
  ) {
    guard let interface = pcapng.interfaces.first, block.count >= 16 else {
      facts.note(
        CaptureDamage(
          offset: offset, reason: block.count >= 16 ? .unknownInterface : .badBlockLength,
          bytesSkipped: UInt64(block.count)))
      return
    }
    let original = value.word(block, 8)
    var captured = min(original, UInt32(block.count - 16))
    if interface.snapLength > 0 { captured = min(captured, interface.snapLength) }
    simplePackets.append(records.count)
    facts.untimedPackets &+= 1
    records.append(
      CaptureRecord(
        time: timeOfUntimed(records), offset: UInt32(truncatingIfNeeded: position + 12),
        capturedLength: captured, originalLength: original,
        interface: UInt32(truncatingIfNeeded: pcapng.firstInterface)))
  }
}
