// SPDX-License-Identifier: Apache-2.0

/// One record of a capture file, as positions in its batch's block.
package struct CaptureRecord: Sendable, BitwiseCopyable {
  /// Time of the record in nanoseconds since 1970-01-01T00:00:00Z.
  package var time: Int64
  /// Offset of the captured bytes in the block.
  package var offset: UInt32
  /// Number of bytes captured.
  package var capturedLength: UInt32
  /// Number of bytes the packet had on the wire.
  package var originalLength: UInt32
  /// Index in the file's list of interfaces, over all sections.
  package var interface: UInt32

  /// Places a record.
  @inlinable
  package init(
    time: Int64, offset: UInt32, capturedLength: UInt32, originalLength: UInt32, interface: UInt32
  ) {
    self.time = time
    self.offset = offset
    self.capturedLength = capturedLength
    self.originalLength = originalLength
    self.interface = interface
  }
}

/// Records that lie in one block, in file order.
package struct RecordBatch: Sendable {
  /// The bytes.
  package var block: Block
  /// The records.
  package var records: [CaptureRecord]
  /// Index of the file in the list of inputs.
  package var file: UInt32
  /// Wireshark's frame number of the first record, from 1; those of the others follow it.
  ///
  /// Set when the batch's place in the file is certain.
  package var firstFrame: UInt64
  /// Offset in the (uncompressed) file of the block's first byte.
  package var fileOffset: UInt64
  /// Link type of each interface of the file known so far, by `CaptureRecord.interface`.
  package var linkTypes: [LinkType]
  /// Indices of records that are simple packets of pcapng: they have no time and show that of the
  /// record before them.
  package var simplePackets: [Int] = []
  /// A block behind the last record that has a frame number but is no packet; only from readers
  /// that keep such blocks, whose batches may also have no records.
  package var numberedBlock: NumberedBlock?

  /// Makes a batch.
  package init(
    block: Block, records: [CaptureRecord], file: UInt32, firstFrame: UInt64, fileOffset: UInt64,
    linkTypes: [LinkType]
  ) {
    self.block = block
    self.records = records
    self.file = file
    self.firstFrame = firstFrame
    self.fileOffset = fileOffset
    self.linkTypes = linkTypes
  }
}

extension RecordBatch {
  /// The records in `range`, which is cut to those there are.
  ///
  /// - Complexity: O(*n*) in the number of records in `range`; no bytes are copied.
  package func slice(_ range: Range<Int>) -> RecordBatch {
    let clamped = range.clamped(to: 0..<records.count)
    var part = self
    part.records = Array(records[clamped])
    part.firstFrame = firstFrame &+ UInt64(clamped.lowerBound)
    part.simplePackets = simplePackets.filter(clamped.contains).map { $0 - clamped.lowerBound }
    if clamped.upperBound < records.count { part.numberedBlock = nil }
    return part
  }
}
