// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Foundation
import Testing

private let folder = ProcessInfo.processInfo.environment["LENSTRACE_CAPTURES"]

/// Compares the facts with what capinfos said of the captures in `LENSTRACE_CAPTURES`.
@Suite(.enabled(if: folder != nil, "LENSTRACE_CAPTURES names no folder"))
struct CaptureSetOfProjectTests {
  /// A row of `expected/files.tsv`.
  struct Row {
    var columns: [String: String]
    subscript(_ name: String) -> String { columns[name] ?? "" }
  }

  static func rows() throws -> [Row] {
    let path = (folder ?? "") + "/expected/files.tsv"
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let names = lines[0].split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    return lines.dropFirst().map { line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Row(columns: Dictionary(uniqueKeysWithValues: zip(names, cells)))
    }
  }

  static func read(_ path: String, pool: BlockPool) throws -> (CaptureFacts, UInt64) {
    let reader = try CaptureFileReader(
      input: CaptureInput(path), fileIndex: 0, pool: pool, hash: true)
    var frames: UInt64 = 0
    while let batch = reader.nextBatch() {
      #expect(batch.firstFrame >= frames + 1)
      frames += UInt64(batch.records.count)
    }
    return (try reader.finish(), frames)
  }

  @Test func agreesWithCapinfos() throws {
    let pool = BlockPool()
    for row in try Self.rows() {
      let path = (folder ?? "") + "/" + row["file"]
      let isWhole = row["reader_status"].hasPrefix("ok")
      let facts: CaptureFacts
      do {
        let (read, frames) = try Self.read(path, pool: pool)
        facts = read
        #expect(frames == facts.packets, "\(row["file"])")
      } catch {
        #expect(!isWhole || !row["filetype"].contains("pcap"), "\(row["file"]): \(error)")
        continue
      }
      if !row["sha256"].isEmpty { #expect(facts.sha256 == row["sha256"], "\(row["file"])") }
      guard isWhole else {
        #expect(facts.packets >= UInt64(row["packets"]) ?? 0, "\(row["file"])")
        continue
      }
      #expect(facts.packets == UInt64(row["packets"]), "\(row["file"])")
      #expect(facts.wireBytes == UInt64(row["wire_bytes"]), "\(row["file"])")
      for (time, column) in [(facts.firstTime, "first_epoch"), (facts.lastTime, "last_epoch")] {
        guard let want = Double(row[column]), want < 253_402_300_800 else { continue }
        let have = try #require(time, "\(row["file"]) \(column)")
        #expect(abs(Double(have) / 1e9 - want) < 1e-5, "\(row["file"]) \(column)")
      }
      #expect(facts.interfaces.count == Int(row["interfaces"]) ?? 0, "\(row["file"])")
    }
  }

  /// Paths of the captures that can be read.
  static func readable() throws -> [String] {
    try CaptureSet([folder ?? ""], recursive: true).inputs.compactMap { input in
      guard case .path(let path) = input.source else { return nil }
      return path
    }
  }

  @Test func whatIsWrittenIsWhatWasRead() throws {
    let target = try TemporaryFolder()
    for path in try Self.readable() {
      let before = try Reading(path: path)
      let after = try Reading(path: try PcapngWriterTests.copy(path, into: target))
      // Blocks that Wireshark numbers among the packets are not copied.
      let numbered = before.packets.enumerated().map { index, packet in
        var packet = packet
        packet.frame = UInt64(index + 1)
        return packet
      }
      #expect(after.packets == numbered, "\(path)")
      #expect(after.facts.interfaces.count == before.facts.interfaces.count, "\(path)")
      #expect(after.facts.damage.isEmpty, "\(path)")
    }
  }

  @Test func segmentsEqualTheReadingInOrder() throws {
    var compared = 0
    for path in try Self.readable() {
      let pool = BlockPool(blockByteCount: 16_384)
      let reader = try CaptureFileReader(input: CaptureInput(path), fileIndex: 0, pool: pool)
      guard let plan = SegmentPlan(reader, pool: pool, segmentByteCount: 40_000) else { continue }
      var stitcher = SegmentStitcher(plan, reader: reader)
      var batches: [RecordBatch] = []
      for index in 0..<plan.segmentCount { batches += stitcher.append(plan.frame(segment: index)) }
      let inOrder = try Reading(path: path)
      #expect(packets(of: batches) == inOrder.packets, "\(path)")
      var facts = stitcher.facts(of: reader)
      facts.sha256 = inOrder.facts.sha256
      #expect("\(facts)" == "\(inOrder.facts)", "\(path)")
      compared += 1
    }
    #expect(compared > 100)
  }
}
