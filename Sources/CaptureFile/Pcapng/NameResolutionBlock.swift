// SPDX-License-Identifier: Apache-2.0

extension RecordWalker {
  /// Reads a name resolution block, section 4.5 of the pcapng draft.
  ///
  /// Its records give an address and the names that the capturing machine had for it.
  mutating func readNameResolution(
    _ block: Span<UInt8>, _ value: PcapngValue, facts: inout FramingFacts
  ) {
    let end = block.count - 4
    var position = 8
    while end - position >= 4 {
      let type = value.half(block, position)
      let length = Int(value.half(block, position + 2))
      position += 4
      guard type != 0 else { break }
      guard end - position >= length else { return }
      let addressCount = type == 1 ? 4 : type == 2 ? 16 : Int.max
      if length >= addressCount {
        noteNames(block, position..<position + length, addressCount, &facts)
      }
      position = min(position + (length + 3) & ~3, end)
    }
    if position < end { noteComments(block, position..<end, into: &facts) }
  }

  private func noteNames(
    _ block: Span<UInt8>, _ record: Range<Int>, _ addressCount: Int, _ facts: inout FramingFacts
  ) {
    var address: [UInt8] = []
    for index in record.prefix(addressCount) { address.append(block[index]) }
    var start = record.lowerBound + addressCount
    while start < record.upperBound {
      var end = start
      while end < record.upperBound && block[end] != 0 { end += 1 }
      if end > start {
        facts.note(
          name: CaptureNameRecord(
            address: address,
            name: PcapngValue.text(
              block, start..<end, limit: PcapngValue.maximumNameByteCount)))
      }
      start = end + 1
    }
  }
}
