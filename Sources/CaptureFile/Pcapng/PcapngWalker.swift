// SPDX-License-Identifier: Apache-2.0

extension RecordWalker {
  /// Bytes around the body of a block: type, length, and length again.
  static let blockFrameByteCount = 12
  /// Bytes of an enhanced packet block before the packet.
  static let packetHeaderByteCount = 28
  /// Bytes of an enhanced packet block with an empty packet.
  static let leastPacketByteCount = 32
  /// Greatest number of interfaces of a file; Wireshark numbers them with 32 bits, but a file
  /// with more is an attack on memory.
  static let maximumInterfaces = 65_536

  mutating func walkBlocks(
    _ bytes: Span<UInt8>, from start: Int, stop: Int, blockOffset: UInt64,
    into records: inout OutputSpan<CaptureRecord>, facts: inout FramingFacts
  ) -> WalkResult {
    var position = start
    while true {
      // Section headers may change the byte order: the loop inside ends there.
      let result =
        pcapng.isBigEndian
        ? walkPackets(
          bytes, BigEndian.self, from: position, stop: stop, blockOffset: blockOffset,
          into: &records, facts: &facts)
        : walkPackets(
          bytes, LittleEndian.self, from: position, stop: stop, blockOffset: blockOffset,
          into: &records, facts: &facts)
      position = result.position
      if let walkStop = result.stop { return WalkResult(position: position, stop: walkStop) }
      switch handleBlock(
        bytes, at: position, blockOffset: blockOffset, into: &records, facts: &facts)
      {
      case .handled(let next): position = next
      case .numbered(let next): return WalkResult(position: next, stop: .numbered)
      case .stopped(let walkStop): return WalkResult(position: position, stop: walkStop)
      }
    }
  }

  /// Frames enhanced packet blocks until another block or the end comes.
  private func walkPackets<Order: ByteOrder>(
    _ bytes: Span<UInt8>, _: Order.Type, from start: Int, stop: Int, blockOffset: UInt64,
    into records: inout OutputSpan<CaptureRecord>, facts: inout FramingFacts
  ) -> (position: Int, stop: WalkStop?) {
    let count = bytes.count
    let firstInterface = UInt32(truncatingIfNeeded: pcapng.firstInterface)
    var position = start
    // Wider than an index, so that none in the file passes for one that was looked up.
    var currentIndex = UInt64.max
    var unit = TimestampUnit.microseconds
    while true {
      guard position < stop else { return (position, .limit) }
      guard !records.isFull else { return (position, .full) }
      guard count &- position >= Self.leastPacketByteCount else {
        guard count &- position >= 8 else { return (position, .needs(Self.blockFrameByteCount)) }
        let isPacket =
          Order.load32(bytes, position) == PcapngBlockType.enhancedPacket.rawValue
        return (position, isPacket ? .needs(Self.leastPacketByteCount) : nil)
      }
      let header = bytes.extracting(position..<position &+ Self.packetHeaderByteCount)
      guard Order.load32(header, 0) == PcapngBlockType.enhancedPacket.rawValue else {
        return (position, nil)
      }
      let total = Int(Order.load32(header, 4))
      guard total >= Self.leastPacketByteCount, total <= Self.maximumRecordByteCount else {
        return (position, .damage(.badBlockLength))
      }
      // Some writers leave out the padding, which the length then does not count.
      let padded = (total &+ 3) & ~3
      guard count &- position >= padded else { return (position, .needs(padded)) }
      let end = position &+ total
      guard Order.load32(bytes.extracting(end &- 4..<end), 0) == UInt32(truncatingIfNeeded: total)
      else { return (position, .damage(.badBlockLength)) }
      let captured = Int(Order.load32(header, 20))
      guard captured <= total &- Self.leastPacketByteCount else { return (position, nil) }
      let index = Order.load32(header, 8)
      if UInt64(index) != currentIndex {
        guard index < UInt32(truncatingIfNeeded: pcapng.interfaces.count) else {
          return (position, nil)
        }
        currentIndex = UInt64(index)
        unit = pcapng.interfaces[Int(index)].unit
      }
      let data = position &+ Self.packetHeaderByteCount
      records.append(
        CaptureRecord(
          time: unit.time(of: Order.load64(header, 12, highFirst: true)),
          offset: UInt32(truncatingIfNeeded: data),
          capturedLength: UInt32(truncatingIfNeeded: captured),
          originalLength: Order.load32(header, 24), interface: firstInterface &+ index))
      let options = data &+ (captured &+ 3) & ~3
      if options &+ 4 < end {
        noteComments(bytes, options..<end &- 4, into: &facts)
      }
      position &+= padded
    }
  }

  enum BlockOutcome {
    case handled(next: Int)
    /// As `handled`, but Wireshark numbers the block among the packets.
    case numbered(next: Int)
    case stopped(WalkStop)
  }

  /// Handles one block that is no ordinary packet.
  @inline(never)
  private mutating func handleBlock(
    _ bytes: Span<UInt8>, at position: Int, blockOffset: UInt64,
    into records: inout OutputSpan<CaptureRecord>,
    facts: inout FramingFacts
  ) -> BlockOutcome {
    let count = bytes.count
    var value = PcapngValue(isBigEndian: pcapng.isBigEndian)
    let type = PcapngBlockType(rawValue: value.word(bytes, position))
    if type == .sectionHeader {
      guard count - position >= 12 else { return .stopped(.needs(28)) }
      guard let isBigEndian = SectionHeaderBlock.isBigEndian(bytes, at: position) else {
        return .stopped(.damage(.badSectionHeader))
      }
      value.isBigEndian = isBigEndian
    }
    let total = Int(value.word(bytes, position + 4))
    let least = type == .sectionHeader ? SectionHeaderBlock.leastByteCount : 12
    guard total >= least, total <= Self.maximumRecordByteCount else {
      return .stopped(.damage(.badBlockLength))
    }
    let padded = (total + 3) & ~3
    guard count - position >= padded else { return .stopped(.needs(padded)) }
    guard value.word(bytes, position + total - 4) == UInt32(total) else {
      return .stopped(.damage(.badBlockLength))
    }
    let block = bytes.extracting(position..<position + total)
    let offset = blockOffset + UInt64(position)
    switch type {
    case .sectionHeader:
      readSectionHeader(block, value, offset: offset, facts: &facts)
    case .interfaceDescription:
      readInterfaceDescription(block, value, offset: offset, facts: &facts)
    case .simplePacket:
      readSimplePacket(block, value, at: position, offset: offset, into: &records, facts: &facts)
    case .obsoletePacket:
      readObsoletePacket(block, value, at: position, offset: offset, into: &records, facts: &facts)
    case .enhancedPacket:
      // Only a packet of an unknown interface, or longer than its block, comes here.
      let isKnown = total >= 32 && Int(value.word(block, 8)) < pcapng.interfaces.count
      facts.note(
        CaptureDamage(
          offset: offset, reason: isKnown ? .badRecordLength : .unknownInterface,
          bytesSkipped: UInt64(padded)))
    case .interfaceStatistics:
      readInterfaceStatistics(block, value, facts: &facts)
    case .nameResolution:
      readNameResolution(block, value, facts: &facts)
    case .decryptionSecrets:
      facts.decryptionSecrets &+= 1
    case .custom, .customNotCopied, .journalExport:
      // Wireshark (4.0) lists these as frames, so the packets behind them count from there.
      facts.unknownBlocks &+= 1
      facts.otherFrames &+= 1
      if keepsNumberedBlocks {
        var body: [UInt8] = []
        for index in 8..<total - 4 { body.append(block[index]) }
        numberedBlock = NumberedBlock(type: type, body: body, isBigEndian: value.isBigEndian)
      }
      return .numbered(next: position + padded)
    default:
      facts.unknownBlocks &+= 1
    }
    return .handled(next: position + padded)
  }

  /// Notes the comments among the options of a block.
  @inline(never)
  func noteComments(
    _ bytes: Span<UInt8>, _ range: Range<Int>, into facts: inout FramingFacts
  ) {
    var options = PcapngOptions(range, isBigEndian: pcapng.isBigEndian)
    while let option = options.next(bytes) {
      if option.code == PcapngValue.comment {
        facts.note(comment: PcapngValue.text(bytes, option.value))
      }
    }
  }

  /// The offset after the block at `position` if its type is known and both lengths agree.
  ///
  /// A block that reaches beyond the bytes cannot be judged: it is taken for plausible when
  /// its header is, with the offset where it would end.
  func plausibleBlock(_ bytes: Span<UInt8>, at position: Int) -> Int? {
    guard isBelievableBlock(bytes, at: position) else { return nil }
    let order = blockOrder(bytes, at: position)
    let total = Int(order.word(bytes, position + 4))
    let end = position + total
    let padded = position + (total + 3) & ~3
    guard end <= bytes.count else { return padded }
    guard order.word(bytes, end - 4) == UInt32(total) else { return nil }
    return padded
  }

  /// Byte order of the block at `position`: that of the section, or what a section header says.
  private func blockOrder(_ bytes: Span<UInt8>, at position: Int) -> PcapngValue {
    let isHeader =
      LittleEndian.load32(bytes, position) == PcapngBlockType.sectionHeader.rawValue
      && bytes.count - position >= 12
    let isBigEndian =
      isHeader
      ? SectionHeaderBlock.isBigEndian(bytes, at: position) ?? pcapng.isBigEndian
      : pcapng.isBigEndian
    return PcapngValue(isBigEndian: isBigEndian)
  }

  /// Whether a known block with a possible length starts at `position`.
  func isBelievableBlock(_ bytes: Span<UInt8>, at position: Int) -> Bool {
    guard position >= 0, bytes.count - position >= 12 else { return false }
    let order = blockOrder(bytes, at: position)
    let type = PcapngBlockType(rawValue: order.word(bytes, position))
    guard type.isKnown else { return false }
    let total = Int(order.word(bytes, position + 4))
    guard total >= 12, total <= Self.believableBlockByteCount else { return false }
    switch type {
    case .sectionHeader:
      return total >= SectionHeaderBlock.leastByteCount
        && SectionHeaderBlock.isBigEndian(bytes, at: position) != nil
    case .enhancedPacket:
      guard total >= 32, bytes.count - position >= 28 else { return false }
      return Int(order.word(bytes, position + 8)) < pcapng.interfaces.count
        && Int(order.word(bytes, position + 20)) <= total - 32
    default: return true
    }
  }

  /// Greatest length of a block that is believed where reading went wrong: a packet of the
  /// ordinary limit with options.
  static let believableBlockByteCount = PcapLayout.ordinaryLengthLimit + 65_536
}
