// SPDX-License-Identifier: Apache-2.0

extension RecordWalker {
  /// Reads an interface description block, section 4.2 of the pcapng draft.
  ///
  /// ```
  ///  0        4        8           10         12            16
  /// +--------+--------+-----------+----------+-------------+---------+--------+
  /// | type   | length | link type | reserved | snap length | options | length |
  /// +--------+--------+-----------+----------+-------------+---------+--------+
  /// ```
  mutating func readInterfaceDescription(
    _ block: Span<UInt8>, _ value: PcapngValue, offset: UInt64, facts: inout FramingFacts
  ) {
    guard block.count >= 20 else {
      facts.note(
        CaptureDamage(
          offset: offset, reason: .badBlockLength, bytesSkipped: UInt64(block.count)))
      return
    }
    guard interfaces.count < Self.maximumInterfaces else {
      facts.note(
        CaptureDamage(
          offset: offset, reason: .tooManyInterfaces, bytesSkipped: UInt64(block.count)))
      return
    }
    var resolution: UInt8 = 6
    var offsetSeconds: Int64 = 0
    var interface = CaptureInterface(
      id: interfaces.count, linkType: LinkType(rawValue: UInt32(value.half(block, 8))),
      snapLength: value.word(block, 12), timestampResolution: 1_000_000)
    var options = PcapngOptions(16..<block.count - 4, isBigEndian: value.isBigEndian)
    while let option = options.next(block) {
      switch option.code {
      case PcapngValue.comment: facts.note(comment: PcapngValue.text(block, option.value))
      case 2: interface.name = interfaceText(block, option.value)
      case 3: interface.text = interfaceText(block, option.value)
      case 9 where option.value.count == 1: resolution = block[option.value.lowerBound]
      case 11 where option.value.count > 1 && block[option.value.lowerBound] == 0:
        interface.filter = interfaceText(block, option.value.dropFirst())
      case 14:
        offsetSeconds = value.long(block, option.value).map(Int64.init(bitPattern:)) ?? 0
      default: break
      }
    }
    let unit = TimestampUnit(code: resolution, offsetSeconds: offsetSeconds)
    interface.timestampResolution = unit.unitsPerSecond
    interface.timestampOffset = offsetSeconds
    interface.section = pcapng.number
    interfaces.append(interface)
    linkTypes.append(interface.linkType)
    pcapng.interfaces.append(
      PcapngSection.Interface(unit: unit, snapLength: interface.snapLength))
    changes &+= 1
  }

  /// Bytes of names, descriptions and filters of all interfaces that are kept.
  private static let maximumInterfaceTextByteCount = 1 << 20
  /// Bytes of one such text that are kept; filters may be long.
  private static let maximumTextByteCount = 4096

  private mutating func interfaceText(_ block: Span<UInt8>, _ range: Range<Int>) -> String? {
    let text = PcapngValue.text(block, range, limit: Self.maximumTextByteCount)
    guard interfaceTextByteCount + text.utf8.count <= Self.maximumInterfaceTextByteCount else {
      return nil
    }
    interfaceTextByteCount += text.utf8.count
    return text
  }
}
