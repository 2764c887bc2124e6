// SPDX-License-Identifier: Apache-2.0

/// Why a walk over a block of bytes stopped.
enum WalkStop {
  /// The record at the position needs so many bytes in all; they are not all there.
  case needs(Int)
  /// The next record starts at or beyond the end of the stretch.
  case limit
  /// There is no room for the next record in the list.
  case full
  /// A block before the position has a frame number of its own but is no packet.
  case numbered
  /// What lies at the position is no record.
  case damage(CaptureDamage.Reason)
}

/// Where a walk stopped, and why.
struct WalkResult {
  var position: Int
  var stop: WalkStop
}

/// What must be known between two records to frame the next one.
///
/// A value: a copy frames another stretch of the same file.
struct RecordWalker: Sendable {
  /// Format of the file.
  var format: CaptureFormat
  /// Layout of a pcap file's records.
  var pcap = PcapLayout()
  /// Section of a pcapng file.
  var pcapng = PcapngSection()
  /// Interfaces of the file met so far.
  var interfaces: [CaptureInterface] = []
  /// Link types of the interfaces met so far.
  var linkTypes: [LinkType] = []
  /// Bytes of the interfaces' names, descriptions and filters kept so far.
  var interfaceTextByteCount = 0
  /// Time of the file's first record, against which resynchronisation judges times.
  var referenceTime: Int64?
  /// Time of the last record that had one.
  var lastTime: Int64?
  /// How often the interfaces or the section changed.
  var changes = 0
  /// Whether a record without time was met before any time was known.
  var metUntimed = false

  /// Indices of the present walk's records that are simple packets, which have no time.
  var simplePackets: [Int] = []
  /// Whether blocks that have a frame number but are no packets are kept for whoever copies the
  /// file.
  var keepsNumberedBlocks = false
  /// Such a block, on which the present walk ended.
  var numberedBlock: NumberedBlock?

  /// Largest record taken for one (DESIGN.md section 9).
  static let maximumRecordByteCount = 64 << 20

  /// Records at the start of the present walk that have no time.
  private(set) var untimed = 0

  /// Frames the records that start in `position ..< stop`.
  mutating func walk(
    _ bytes: Span<UInt8>, from position: Int, stop: Int, blockOffset: UInt64,
    into records: inout OutputSpan<CaptureRecord>, facts: inout FramingFacts
  ) -> WalkResult {
    untimed = 0
    simplePackets.removeAll(keepingCapacity: true)
    numberedBlock = nil
    let result =
      switch format {
      case .pcapng:
        walkBlocks(
          bytes, from: position, stop: stop, blockOffset: blockOffset, into: &records,
          facts: &facts)
      case .snoop: SnoopFile.walk(bytes, from: position, stop: stop, into: &records)
      case .pcap, .pcapModified, .pcapNokia:
        pcap.walk(bytes, from: position, stop: stop, into: &records)
      }
    if records.count > untimed {
      if referenceTime == nil { referenceTime = records[untimed].time }
      lastTime = records[records.count - 1].time
    }
    return result
  }

  /// The time that a record without one takes: that of the record before it.
  mutating func timeOfUntimed(_ records: borrowing OutputSpan<CaptureRecord>) -> Int64 {
    // Records of the same walk are in `records`, earlier ones in `lastTime`.
    if records.count > untimed { return records[records.count - 1].time }
    if let lastTime { return lastTime }
    untimed += 1
    metUntimed = true
    return 0
  }

  /// Whether what lies at `position` looks like a record, with the offset of the next one.
  ///
  /// Stricter than `walk`: used to find records again after damage and inside a file.
  func plausibleNext(_ bytes: Span<UInt8>, at position: Int) -> Int? {
    switch format {
    case .pcapng: plausibleBlock(bytes, at: position)
    case .snoop: SnoopFile.plausibleNext(bytes, at: position, referenceTime: referenceTime)
    case .pcap, .pcapModified, .pcapNokia:
      pcap.plausibleNext(bytes, at: position, referenceTime: referenceTime)
    }
  }

  /// Whether the record whose start lies at `position` states a believable length.
  func isBelievable(_ bytes: Span<UInt8>, at position: Int) -> Bool {
    switch format {
    case .pcapng: isBelievableBlock(bytes, at: position)
    case .snoop: SnoopFile.isBelievable(bytes, at: position, referenceTime: referenceTime)
    case .pcap, .pcapModified, .pcapNokia:
      pcap.isBelievable(bytes, at: position, referenceTime: referenceTime)
    }
  }
}
