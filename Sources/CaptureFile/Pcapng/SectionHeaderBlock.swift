// SPDX-License-Identifier: Apache-2.0

/// Section header block, section 4.1 of the pcapng draft.
///
/// ```
///  0        4        8        12               16               24
/// +--------+--------+--------+-------+--------+----------------+---------+--------+
/// | type   | length | magic  | major | minor  | section length | options | length |
/// +--------+--------+--------+-------+--------+----------------+---------+--------+
/// ```
enum SectionHeaderBlock {
  static let leastByteCount = 28
  static let byteOrderMagic: UInt32 = 0x1a2b_3c4d

  /// Byte order that the block's magic tells, or nil.
  static func isBigEndian(_ bytes: Span<UInt8>, at position: Int) -> Bool? {
    guard position >= 0, bytes.count - position >= 12 else { return nil }
    if LittleEndian.load32(bytes, position + 8) == byteOrderMagic { return false }
    return BigEndian.load32(bytes, position + 8) == byteOrderMagic ? true : nil
  }
}

extension RecordWalker {
  /// Starts a section.
  ///
  /// The stated length of the section is not used: blocks say where they end.
  mutating func readSectionHeader(
    _ block: Span<UInt8>, _ value: PcapngValue, offset: UInt64, facts: inout FramingFacts
  ) {
    let number = changes == 0 ? 0 : pcapng.number + 1
    pcapng = PcapngSection(
      isBigEndian: value.isBigEndian, number: number, firstInterface: interfaces.count)
    changes &+= 1
    facts.sections &+= 1
    if value.half(block, 12) != 1 {
      facts.note(CaptureDamage(offset: offset + 12, reason: .unknownVersion, bytesSkipped: 0))
    }
    var options = PcapngOptions(24..<block.count - 4, isBigEndian: value.isBigEndian)
    while let option = options.next(block) {
      switch option.code {
      case PcapngValue.comment: facts.note(comment: PcapngValue.text(block, option.value))
      // Hardware, system, program.
      case 2, 3, 4:
        facts.note(
          writer: PcapngValue.text(
            block, option.value, limit: PcapngValue.maximumNameByteCount))
      default: break
      }
    }
  }
}
