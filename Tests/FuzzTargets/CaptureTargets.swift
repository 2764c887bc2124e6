// SPDX-License-Identifier: Apache-2.0

import CaptureFile

/// Bytes as a capture file.
enum CaptureTargets {
  /// Inputs beyond this cost time and find nothing new.
  private static let byteLimit = 1 << 18

  /// One record as it must come out of every way of reading.
  private struct Record: Equatable {
    var frame: UInt64
    var time: Int64
    var capturedLength: UInt32
    var originalLength: UInt32
    var interface: UInt32
    var digest: UInt64
  }

  /// Reads a file in one piece, in small blocks and in segments: all must agree, no record may
  /// reach outside its block, and no two bytes be counted twice.
  static func read(_ bytes: [UInt8]) {
    guard bytes.count <= byteLimit else { return }
    ScratchFile.with(bytes) { path in
      let input = CaptureInput(path, name: "fuzz")
      guard let whole = records(input, blockByteCount: Block.standardByteCount) else { return }
      guard let pieces = records(input, blockByteCount: 5_000) else {
        fatalError("a smaller block makes the file unreadable")
      }
      precondition(whole.records == pieces.records, "records depend on the size of the blocks")
      precondition(whole.damage == pieces.damage, "damage depends on the size of the blocks")
      precondition(
        whole.skipped <= UInt64(bytes.count) || whole.isCompressed,
        "more bytes skipped than there are")
      precondition(segments(input) ?? whole.records == whole.records, "segments differ")
    }
  }

  private struct Reading {
    var records: [Record]
    var damage: [CaptureDamage]
    var skipped: UInt64
    var isCompressed: Bool
  }

  private static func records(_ input: CaptureInput, blockByteCount: Int) -> Reading? {
    let pool = BlockPool(blockByteCount: blockByteCount)
    guard let reader = try? CaptureFileReader(input: input, fileIndex: 0, pool: pool) else {
      return nil
    }
    var records: [Record] = []
    while let batch = reader.nextBatch() { add(batch, to: &records) }
    guard let facts = try? reader.finish() else { return nil }
    return Reading(
      records: records, damage: facts.damage, skipped: facts.bytesSkipped,
      isCompressed: facts.compression != .none)
  }

  private static func segments(_ input: CaptureInput) -> [Record]? {
    let pool = BlockPool(blockByteCount: 5_000)
    guard let reader = try? CaptureFileReader(input: input, fileIndex: 0, pool: pool),
      let plan = SegmentPlan(reader, pool: pool, segmentByteCount: 3_000)
    else { return nil }
    var stitcher = SegmentStitcher(plan, reader: reader)
    var records: [Record] = []
    for index in 0..<plan.segmentCount {
      for batch in stitcher.append(plan.frame(segment: index)) { add(batch, to: &records) }
    }
    return records
  }

  private static func add(_ batch: RecordBatch, to records: inout [Record]) {
    let block = batch.block
    let bytes = block.bytes
    for (index, record) in batch.records.enumerated() {
      let end = Int(record.offset) + Int(record.capturedLength)
      precondition(end <= bytes.count, "a record reaches outside its block")
      precondition(Int(record.interface) < batch.linkTypes.count, "an interface that is not there")
      var digest: UInt64 = 0xCBF2_9CE4_8422_2325
      for place in Int(record.offset)..<end {
        digest = (digest ^ UInt64(bytes[place])) &* 0x100_0000_01B3
      }
      records.append(
        Record(
          frame: batch.firstFrame + UInt64(index), time: record.time,
          capturedLength: record.capturedLength, originalLength: record.originalLength,
          interface: record.interface, digest: digest))
    }
  }
}

/// Bytes as a compressed file.
enum CompressionTargets {
  /// Most bytes that are unpacked of one input; a bomb gives a thousand times its size.
  private static let unpackedLimit = 4 << 20

  /// Unpacks a file in pieces of uneven size, and all at once: the same bytes must come out.
  static func unpack(_ bytes: [UInt8], magic: [UInt8]) {
    var bytes = bytes
    // The format is not what is to be found out.
    for index in bytes.indices.prefix(magic.count) { bytes[index] = magic[index] }
    ScratchFile.with(bytes) { path in
      let input = CaptureInput(path, name: "fuzz")
      let whole = content(input, pieceByteCount: unpackedLimit)
      let pieces = content(input, pieceByteCount: 4_093)
      precondition(whole == pieces, "the content depends on the size of the pieces")
    }
  }

  private static func content(_ input: CaptureInput, pieceByteCount: Int) -> UInt64? {
    guard let source = try? DecompressingSource(input) else { return nil }
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    var total = 0
    while total < unpackedLimit, let block = source.next(byteCount: pieceByteCount) {
      let bytes = block.bytes
      for place in bytes.indices.prefix(unpackedLimit - total) {
        digest = (digest ^ UInt64(bytes[place])) &* 0x100_0000_01B3
      }
      total += bytes.count
    }
    return digest ^ (total < unpackedLimit && source.failureText != nil ? 1 : 0)
  }
}
