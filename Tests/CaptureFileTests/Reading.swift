// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Foundation
import Testing

/// A file that lives as long as the value.
final class TemporaryFile {
  let path: String

  init(_ bytes: [UInt8], name: String = "test.pcap") throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appendingPathComponent(name).path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  deinit {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    try? FileManager.default.removeItem(at: folder)
  }
}

/// A record with a copy of its bytes, to compare readings.
struct ReadPacket: Hashable {
  var frame: UInt64
  var time: Int64
  var interface: UInt32
  var originalLength: UInt32
  var bytes: [UInt8]
}

func packets(of batches: [RecordBatch]) -> [ReadPacket] {
  var packets: [ReadPacket] = []
  for batch in batches {
    let bytes = batch.block.bytes
    for (index, record) in batch.records.enumerated() {
      var copy: [UInt8] = []
      for position in Int(record.offset)..<Int(record.offset) + Int(record.capturedLength) {
        copy.append(bytes[position])
      }
      packets.append(
        ReadPacket(
          frame: batch.firstFrame + UInt64(index), time: record.time, interface: record.interface,
          originalLength: record.originalLength, bytes: copy))
    }
  }
  return packets
}

/// What reading a file in order gives.
struct Reading {
  var packets: [ReadPacket] = []
  var facts: CaptureFacts

  /// Reads a file of these bytes.
  init(_ bytes: [UInt8], blockByteCount: Int = Block.standardByteCount) throws {
    let file = try TemporaryFile(bytes)
    try self.init(path: file.path, blockByteCount: blockByteCount)
  }

  init(path: String, blockByteCount: Int = Block.standardByteCount) throws {
    let pool = BlockPool(blockByteCount: blockByteCount)
    let reader = try CaptureFileReader(
      input: CaptureInput(path), fileIndex: 0, pool: pool, hash: true)
    var batches: [RecordBatch] = []
    while let batch = reader.nextBatch() { batches.append(batch) }
    packets = CaptureFileTests.packets(of: batches)
    facts = try reader.finish()
  }
}

/// Numbers that look random and are always the same.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}
