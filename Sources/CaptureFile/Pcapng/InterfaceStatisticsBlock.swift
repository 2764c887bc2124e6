// SPDX-License-Identifier: Apache-2.0

extension RecordWalker {
  /// Reads an interface statistics block, section 4.6 of the pcapng draft.
  ///
  /// It says how many packets the interface and the system lost; the last block of an interface
  /// counts.
  mutating func readInterfaceStatistics(
    _ block: Span<UInt8>, _ value: PcapngValue, facts: inout FramingFacts
  ) {
    guard block.count >= 24 else { return }
    let index = Int(value.word(block, 8))
    guard index < pcapng.interfaces.count else { return }
    var dropped: UInt64?
    var options = PcapngOptions(20..<block.count - 4, isBigEndian: value.isBigEndian)
    while let option = options.next(block) {
      switch option.code {
      case PcapngValue.comment: facts.note(comment: PcapngValue.text(block, option.value))
      // isb_ifdrop and isb_osdrop are losses of different places.
      case 5, 7:
        let (sum, overflow) = (dropped ?? 0).addingReportingOverflow(
          value.long(block, option.value) ?? 0)
        dropped = overflow ? .max : sum
      default: break
      }
    }
    if let dropped { facts.noteDropped(dropped, interface: pcapng.firstInterface + index) }
  }
}
