// SPDX-License-Identifier: Apache-2.0

/// Snoop version 2, the capture format of Solaris
/// ([RFC 1761](https://www.rfc-editor.org/rfc/rfc1761)); always big-endian.
///
/// ```
///  0               8         12                16
/// +---------------+---------+------------------+      file header
/// | "snoop" 0 0 0 | version | datalink type    |
/// +---------------+---------+------------------+
///
///  0          4          8         12      16        20             24
/// +----------+----------+---------+-------+---------+--------------+ - - -
/// | original | included | record  | drops | seconds | microseconds | data, padding
/// | length   | length   | length  |       |         |              |
/// +----------+----------+---------+-------+---------+--------------+ - - -
/// ```
enum SnoopFile {
  static let headerByteCount = 16
  static let recordHeaderByteCount = 24
  /// Most bytes of padding behind a packet; the record is filled up to four bytes, and some
  /// writers fill up to more.
  static let maximumPadding: UInt32 = 1_024

  /// The link type of the file whose first bytes are `bytes`, or nil when it is no snoop file.
  static func linkType(_ bytes: Span<UInt8>) -> LinkType? {
    guard bytes.count >= headerByteCount, BigEndian.load32(bytes, 0) == 0x736e_6f6f,
      BigEndian.load32(bytes, 4) == 0x7000_0000, BigEndian.load32(bytes, 8) == 2
    else { return nil }
    // The datalink types of RFC 1761 section 3 that LINKTYPE_ has too.
    return switch BigEndian.load32(bytes, 12) {
    case 0, 4: .ethernet
    case 2: LinkType(rawValue: 6)  // IEEE 802.5 token ring
    case 8: LinkType(rawValue: 10)  // FDDI
    case let other: LinkType(rawValue: 0xFFFF_0000 | other & 0xFFFF)
    }
  }

  /// Frames the records that start in `start ..< stop`.
  static func walk(
    _ bytes: Span<UInt8>, from start: Int, stop: Int,
    into records: inout OutputSpan<CaptureRecord>
  ) -> WalkResult {
    var position = start
    while true {
      guard position < stop else { return WalkResult(position: position, stop: .limit) }
      guard !records.isFull else { return WalkResult(position: position, stop: .full) }
      guard bytes.count - position >= recordHeaderByteCount else {
        return WalkResult(position: position, stop: .needs(recordHeaderByteCount))
      }
      let header = bytes.extracting(position..<position + recordHeaderByteCount)
      guard let byteCount = recordByteCount(header) else {
        return WalkResult(position: position, stop: .damage(.badRecordLength))
      }
      guard bytes.count - position >= byteCount else {
        return WalkResult(position: position, stop: .needs(byteCount))
      }
      // 2^32 seconds and 2^32 microseconds stay within 64 bits.
      let seconds = Int64(BigEndian.load32(header, 16)) * 1_000_000_000
      records.append(
        CaptureRecord(
          time: seconds + Int64(BigEndian.load32(header, 20)) * 1_000,
          offset: UInt32(truncatingIfNeeded: position + recordHeaderByteCount),
          capturedLength: BigEndian.load32(header, 4), originalLength: BigEndian.load32(header, 0),
          interface: 0))
      position += byteCount
    }
  }

  /// The offset after the record at `position` if everything in its header is plausible.
  static func plausibleNext(
    _ bytes: Span<UInt8>, at position: Int, referenceTime: Int64?
  ) -> Int? {
    guard isBelievable(bytes, at: position, referenceTime: referenceTime) else { return nil }
    let header = bytes.extracting(position..<position + recordHeaderByteCount)
    return recordByteCount(header).map { position + $0 }
  }

  /// Whether the header at `position` is one that capture programs write.
  static func isBelievable(
    _ bytes: Span<UInt8>, at position: Int, referenceTime: Int64?
  ) -> Bool {
    guard position >= 0, bytes.count - position >= recordHeaderByteCount else { return false }
    let header = bytes.extracting(position..<position + recordHeaderByteCount)
    guard recordByteCount(header) != nil, BigEndian.load32(header, 4) > 0,
      BigEndian.load32(header, 4) <= BigEndian.load32(header, 0),
      BigEndian.load32(header, 20) < 1_000_000
    else { return false }
    guard let referenceTime else { return true }
    let distance = Int64(BigEndian.load32(header, 16)) - referenceTime / 1_000_000_000
    return distance.magnitude <= UInt64(PcapLayout.plausibleSeconds)
  }

  /// Length of a record, header and padding included; nil when its lengths contradict each other.
  private static func recordByteCount(_ header: Span<UInt8>) -> Int? {
    let included = BigEndian.load32(header, 4)
    let record = BigEndian.load32(header, 8)
    let least = included &+ UInt32(recordHeaderByteCount)
    guard included <= UInt32(PcapLayout.ordinaryLengthLimit), record >= least,
      record - least <= maximumPadding
    else { return nil }
    return Int(record)
  }
}
