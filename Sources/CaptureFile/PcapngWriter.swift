// SPDX-License-Identifier: Apache-2.0

/// Writes packets to a new pcapng file
/// ([draft-ietf-opsawg-pcapng](https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/)).
///
/// The file is written aside and gets its name with ``finish()``, so that a file of that name is
/// always complete. An existing file is never replaced unless told so. Without ``finish()`` nothing remains.
///
/// ```swift
/// var writer = try PcapngWriter("carved.pcapng", comment: "flow 7 of evidence.pcap")
/// let interface = try writer.addInterface(facts.interfaces[0])
/// try CaptureReader("evidence.pcap").forEach { packet in
///   try writer.write(packet, interface: interface)
/// }
/// try writer.finish()
/// ```
public struct PcapngWriter: ~Copyable {
  private let file: NewFile
  private var buffer: [UInt8] = []
  private var interfaces: [WrittenInterface] = []
  /// Index of the present section's first interface.
  private var firstInterface = 0

  private struct WrittenInterface {
    var unit: Int64
    var offset: Int64
    var snapLength: UInt32
  }

  private static let flushByteCount = 256 << 10
  /// Longest value of an option: its length has 16 bits.
  private static let maximumOptionByteCount = 65_532

  /// Starts a file.
  ///
  /// - Parameters:
  ///   - path: Name of the new file.
  ///   - application: Program that writes, for the section header.
  ///   - comment: Comment on the section.
  ///   - replaces: Whether a file of the name is replaced by the finished one.
  /// - Throws: ``CaptureError`` when the file exists or cannot be made.
  public init(
    _ path: String, application: String? = nil, comment: String? = nil, replaces: Bool = false
  ) throws(CaptureError) {
    file = try NewFile(path, replaces: replaces)
    buffer.reserveCapacity(Self.flushByteCount + 65_536)
    addSectionHeader(application: application, comment: comment)
  }

  /// Starts another section: interfaces from before can no longer be written to.
  ///
  /// Packets name their interface by its number in the section, and simple packets mean the first
  /// one, so a copy of a file with several sections has them too.
  ///
  /// - Throws: ``CaptureError`` when the file cannot be written.
  public mutating func beginSection() throws(CaptureError) {
    addSectionHeader(application: nil, comment: nil)
    firstInterface = interfaces.count
    try flushIfFull()
  }

  private mutating func addSectionHeader(application: String?, comment: String?) {
    let start = beginBlock(.sectionHeader)
    add32(SectionHeaderBlock.byteOrderMagic)
    add16(1)
    add16(0)
    // Length of the section: not stated.
    add32(.max)
    add32(.max)
    addText(comment, code: PcapngValue.comment)
    addText(application, code: 4)
    endBlock(start, hasOptions: comment != nil || application != nil)
  }

  /// Describes an interface as a source file does; packets name it by the number returned.
  ///
  /// - Parameter interface: The interface of the source; its counters are not written.
  /// - Returns: Index of the interface in the new file.
  /// - Throws: ``CaptureError`` when the file cannot be written.
  public mutating func addInterface(_ interface: CaptureInterface) throws(CaptureError) -> Int {
    let start = beginBlock(.interfaceDescription)
    add16(UInt16(truncatingIfNeeded: interface.linkType.rawValue))
    add16(0)
    add32(interface.snapLength)
    addText(interface.name, code: 2)
    addText(interface.text, code: 3)
    if let filter = interface.filter { addOption(11, [0] + Array(filter.utf8)) }
    let (code, unit) = Self.resolution(of: interface)
    addOption(9, [code])
    if interface.timestampOffset != 0 {
      add16(14)
      add16(8)
      add64(UInt64(bitPattern: interface.timestampOffset))
    }
    endBlock(start, hasOptions: true)
    let (offset, overflow) = interface.timestampOffset.multipliedReportingOverflow(
      by: 1_000_000_000)
    interfaces.append(
      WrittenInterface(
        unit: unit, offset: overflow ? 0 : offset, snapLength: interface.snapLength))
    try flushIfFull()
    return interfaces.count - 1
  }

  /// The resolution of the source where a whole number of nanoseconds makes its unit, so that
  /// times come out as they went in; else nanoseconds.
  private static func resolution(of interface: CaptureInterface) -> (code: UInt8, unit: Int64) {
    var unit: Int64 = 1_000_000_000
    var code: UInt8 = 0
    while code <= 9 {
      let unitsPerSecond = UInt64(1_000_000_000 / unit)
      if unitsPerSecond == interface.timestampResolution { return (code, unit) }
      unit /= 10
      code += 1
      if unit == 0 { break }
    }
    return (9, 1)
  }

  /// Writes a packet with its lengths and its time; one without time as a simple packet where
  /// that says all.
  ///
  /// - Parameters:
  ///   - packet: The packet.
  ///   - interface: Index from ``addInterface(_:)``.
  ///   - comment: Comment on the packet.
  /// - Throws: ``CaptureError`` when the file cannot be written or has no such interface.
  public mutating func write(
    _ packet: borrowing CapturedPacket, interface: Int, comment: String? = nil
  ) throws(CaptureError) {
    try write(
      packet.bytes, time: packet.time, hasTime: packet.hasTime,
      originalLength: packet.originalLength, interface: interface, comment: comment)
  }

  /// Writes bytes as a packet.
  ///
  /// - Parameters:
  ///   - bytes: What was captured.
  ///   - time: Nanoseconds since 1970.
  ///   - hasTime: Whether the time is known. Where it is not, a simple packet is written, which has
  ///     none; but `time` where a simple packet cannot hold the packet: behind the section's first
  ///     interface, with a comment, or cut shorter than its interface says.
  ///   - originalLength: Number of bytes on the wire.
  ///   - interface: Index from ``addInterface(_:)``.
  ///   - comment: Comment on the packet.
  /// - Throws: ``CaptureError`` when the file cannot be written or has no such interface.
  public mutating func write(
    _ bytes: Span<UInt8>, time: Int64, hasTime: Bool = true, originalLength: UInt32,
    interface: Int, comment: String? = nil
  ) throws(CaptureError) {
    guard interfaces.indices.contains(interface), interface >= firstInterface,
      bytes.count <= RecordWalker.maximumRecordByteCount
    else {
      throw CaptureError(
        .cannotWrite, file: file.name, reason: "a packet of an interface that was not added")
    }
    if !hasTime, comment == nil, interface == firstInterface,
      isSimple(bytes.count, originalLength, interface)
    {
      try writeSimplePacket(bytes, originalLength: originalLength)
      return
    }
    let clock = interfaces[interface]
    let ticks = UInt64(bitPattern: Self.ticks(of: time, clock))
    let start = beginBlock(.enhancedPacket)
    add32(UInt32(interface - firstInterface))
    add32(UInt32(truncatingIfNeeded: ticks >> 32))
    add32(UInt32(truncatingIfNeeded: ticks))
    add32(UInt32(bytes.count))
    add32(originalLength)
    for index in bytes.indices { buffer.append(bytes[index]) }
    pad()
    addText(comment, code: PcapngValue.comment)
    endBlock(start, hasOptions: comment != nil)
    try flushIfFull()
  }

  /// Whether a reader of a simple packet block would find the captured length: it is the least of
  /// the original length, the snap length and what the block holds.
  private func isSimple(_ byteCount: Int, _ originalLength: UInt32, _ interface: Int) -> Bool {
    var read = min(UInt64(originalLength), UInt64((byteCount + 3) & ~3))
    let snapLength = interfaces[interface].snapLength
    if snapLength > 0 { read = min(read, UInt64(snapLength)) }
    return read == UInt64(byteCount)
  }

  private mutating func writeSimplePacket(
    _ bytes: Span<UInt8>, originalLength: UInt32
  ) throws(CaptureError) {
    let start = beginBlock(.simplePacket)
    add32(originalLength)
    for index in bytes.indices { buffer.append(bytes[index]) }
    pad()
    endBlock(start, hasOptions: false)
    try flushIfFull()
  }

  /// Writes a block that is no packet but has a frame number, as it was.
  package mutating func write(_ block: NumberedBlock) throws(CaptureError) {
    let start = beginBlock(block.type)
    var body = block.body
    // The number of its maker is the one field whose byte order is that of the section.
    if block.isBigEndian, block.type != .journalExport, body.count >= 4 {
      body.replaceSubrange(0..<4, with: body[0..<4].reversed())
    }
    buffer += body
    pad()
    endBlock(start, hasOptions: false)
    try flushIfFull()
  }

  private static func ticks(of time: Int64, _ clock: WrittenInterface) -> Int64 {
    let (relative, overflow) = time.subtractingReportingOverflow(clock.offset)
    let nanoseconds = overflow ? time : relative
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: clock.unit)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Completes the file and gives it its name.
  ///
  /// - Throws: ``CaptureError`` when it cannot be written, or a file of that name has appeared.
  public consuming func finish() throws(CaptureError) {
    try file.append(buffer)
    buffer = []
    try file.publish()
  }

  private mutating func flushIfFull() throws(CaptureError) {
    guard buffer.count >= Self.flushByteCount else { return }
    try file.append(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  private mutating func beginBlock(_ type: PcapngBlockType) -> Int {
    let start = buffer.count
    add32(type.rawValue)
    add32(0)
    return start
  }

  private mutating func endBlock(_ start: Int, hasOptions: Bool) {
    if hasOptions { add32(0) }
    let length = UInt32(buffer.count - start + 4)
    add32(length)
    for index in 0..<4 {
      buffer[start + 4 + index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index))
    }
  }

  private mutating func addText(_ text: String?, code: UInt16) {
    guard let text else { return }
    addOption(code, Array(text.utf8))
  }

  private mutating func addOption(_ code: UInt16, _ value: [UInt8]) {
    let kept = value.prefix(Self.maximumOptionByteCount)
    add16(code)
    add16(UInt16(kept.count))
    buffer += kept
    pad()
  }

  private mutating func pad() {
    while !buffer.count.isMultiple(of: 4) { buffer.append(0) }
  }

  private mutating func add16(_ value: UInt16) {
    buffer.append(UInt8(truncatingIfNeeded: value))
    buffer.append(UInt8(truncatingIfNeeded: value >> 8))
  }

  private mutating func add32(_ value: UInt32) {
    add16(UInt16(truncatingIfNeeded: value))
    add16(UInt16(truncatingIfNeeded: value >> 16))
  }

  private mutating func add64(_ value: UInt64) {
    add32(UInt32(truncatingIfNeeded: value))
    add32(UInt32(truncatingIfNeeded: value >> 32))
  }
}
