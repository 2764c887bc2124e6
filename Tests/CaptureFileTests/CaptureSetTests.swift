// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Foundation
import TestSupport
import Testing

/// A folder that lives as long as the value.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func add(_ name: String, _ bytes: [UInt8]) throws {
    let url = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

@Suite struct CaptureSetTests {
  static func capture(_ seconds: [UInt32]) -> [UInt8] {
    var file = CaptureBuilder.pcap()
    for second in seconds { file.record(seconds: second, [UInt8(truncatingIfNeeded: second)]) }
    return file.bytes
  }

  @Test func findsCapturesInFoldersByContent() throws {
    let folder = try TemporaryFolder()
    try folder.add("b.bin", Self.capture([1]))
    try folder.add("a.pcap", Array("no capture".utf8))
    try folder.add("empty.pcap", [])
    try folder.add("c.gz", StoredCompression.gzip(Self.capture([2])))
    try folder.add("deep/d.pcap", Self.capture([3]))
    #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
    #expect(symlink(folder.path, folder.path + "/circle") == 0)
    let flat = try CaptureSet([folder.path])
    #expect(flat.inputs.map(\.name) == ["b.bin", "c.gz"])
    #expect(
      flat.notices
        == ["a.pcap", "empty.pcap"].map {
          "\($0) is named like a capture and is none: left out; name it to see why"
        })
    let deep = try CaptureSet([folder.path], recursive: true)
    #expect(deep.inputs.map(\.name) == ["b.bin", "c.gz", "deep/d.pcap"])
  }

  @Test func aFolderWithoutCapturesIsAnError() throws {
    let folder = try TemporaryFolder()
    try folder.add("notes.txt", Array("text".utf8))
    let error = try #require(throws: CaptureError.self) { try CaptureSet([folder.path]) }
    #expect(error.kind == .notCapture)
    #expect(error.advice.contains("--recursive"))
  }

  /// Evidence that was damaged in its first bytes, or never was a capture, is told.
  @Test func whatIsOnlyNamedLikeACaptureIsTold() throws {
    let folder = try TemporaryFolder()
    for name in ["page.pcapng", "page.CAP.gz", "page.pcap1", "cap", "a.txt"] {
      try folder.add(name, Array("<html>".utf8))
    }
    let error = try #require(throws: CaptureError.self) { try CaptureSet([folder.path]) }
    #expect(error.advice == "name page.CAP.gz itself to see why it is none")
    try folder.add("good", Self.capture([1]))
    for number in 10..<40 { try folder.add("page\(number).pcap", [0]) }
    let set = try CaptureSet([folder.path])
    #expect(set.inputs.map(\.name) == ["good"])
    #expect(set.notices.count == 17)
    #expect(set.notices.first?.hasPrefix("page.CAP.gz is named like a capture") == true)
    #expect(set.notices.last == "16 more files named like captures are left out")
  }

  @Test func aMissingFileIsAnErrorWithItsName() throws {
    let error = try #require(throws: CaptureError.self) { try CaptureSet(["/nowhere/x.pcap"]) }
    #expect(error.kind == .cannotOpen)
    #expect(error.file == "x.pcap")
  }

  @Test func theSameFileIsReadOnce() throws {
    let folder = try TemporaryFolder()
    try folder.add("a.pcap", Self.capture([1, 2]))
    try folder.add("copy.pcap", Self.capture([1, 2]))
    try folder.add("other.pcap", Self.capture([1, 3]))
    #expect(symlink(folder.path + "/a.pcap", folder.path + "/link.pcap") == 0)
    let set = try CaptureSet([folder.path + "/a.pcap", folder.path, folder.path + "/a.pcap"])
    #expect(set.inputs.map(\.name) == ["a.pcap", "other.pcap"])
    #expect(set.notices.count == 4)
  }

  @Test func readsListsOfFiles() throws {
    let list = try TemporaryFile(Array("one.pcap\n\ntwo three.pcap\r\n".utf8), name: "list")
    #expect(try CaptureSet.paths(listedIn: list.path) == ["one.pcap", "two three.pcap"])
  }

  /// The last byte of each record in merged order.
  static func merged(_ files: [[UInt8]]) throws -> ([UInt8], [Int: CaptureFacts]) {
    let folder = try TemporaryFolder()
    var paths: [String] = []
    for (index, bytes) in files.enumerated() {
      try folder.add("\(index)", bytes)
      paths.append(folder.path + "/\(index)")
    }
    let merged = MergedCaptures(paths.map { CaptureInput($0) }, pool: BlockPool(), hash: true)
    var order: [UInt8] = []
    while let run = merged.next() {
      #expect(!run.range.isEmpty)
      for record in run.batch.records[run.range] {
        order.append(run.batch.block.bytes[Int(record.offset)])
      }
    }
    #expect(merged.errors.isEmpty)
    return (order, merged.facts)
  }

  @Test func rotatedFilesFollowOneAnotherInTime() throws {
    let (order, facts) = try Self.merged([
      Self.capture([30, 31]), Self.capture([10, 11]), Self.capture([20, 21]),
    ])
    #expect(order == [10, 11, 20, 21, 30, 31])
    #expect(facts.count == 3)
    #expect(facts[1]?.firstTime == 10_000_000_000)
    #expect(facts[1]?.sha256 == SHA256Hex.digest(of: Self.capture([10, 11])))
  }

  @Test func concurrentFilesAreInterleaved() throws {
    let (order, _) = try Self.merged([
      Self.capture([1, 4, 7, 7]), Self.capture([2, 5, 7]), Self.capture([3, 6]),
    ])
    #expect(order == [1, 2, 3, 4, 5, 6, 7, 7, 7])
  }

  @Test func theOrderInsideAFileNeverChanges() throws {
    let (order, _) = try Self.merged([Self.capture([10, 3, 12]), Self.capture([5, 11])])
    #expect(order == [5, 10, 3, 11, 12])
  }

  @Test func unreadableInputsAreErrorsAndTheRestIsRead() throws {
    let folder = try TemporaryFolder()
    try folder.add("good", Self.capture([1]))
    try folder.add("bad", Array("text and more".utf8))
    try folder.add("none", CaptureBuilder.pcap().bytes)
    let inputs = ["bad", "good", "none"].map { CaptureInput(folder.path + "/" + $0) }
    let merged = MergedCaptures(inputs, pool: BlockPool())
    var count = 0
    while let run = merged.next() { count += run.range.count }
    #expect(count == 1)
    #expect(merged.errors.map(\.file) == ["bad"])
    #expect(merged.facts.keys.sorted() == [1, 2])
  }

  @Test func tellsGapsAndOverlaps() throws {
    let files = try [[10, 20], [15, 18], [40, 50], [50, 60]].map { seconds in
      try Reading(Self.capture(seconds.map(UInt32.init))).facts
    }
    let coverage = CaptureCoverage(files)
    #expect(coverage.gaps.map(\.from) == [20_000_000_000])
    #expect(coverage.gaps.map(\.to) == [40_000_000_000])
    #expect(coverage.overlaps.map(\.secondFile) == [1, 3])
    #expect(coverage.overlaps.first?.to == 18_000_000_000)
  }

  @Test func readsPipes() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let bytes = StoredCompression.gzip(Self.capture(Array(0..<200)))
    let writer = Thread {
      FileHandle(forWritingAtPath: path)?.write(Data(bytes))
    }
    writer.start()
    let set = try CaptureSet([path])
    let merged = MergedCaptures(set.inputs, pool: BlockPool(), hash: true)
    var count = 0
    while let run = merged.next() { count += run.range.count }
    #expect(count == 200)
    #expect(merged.facts[0]?.sha256 == SHA256Hex.digest(of: bytes))
    #expect(merged.facts[0]?.bytes == UInt64(bytes.count))
  }

  @Test func aChangeOfTheFileIsALoudError() throws {
    let file = try TemporaryFile(Self.capture([1, 2]))
    let reader = try CaptureFileReader(
      input: CaptureInput(file.path), fileIndex: 0, pool: BlockPool())
    while reader.nextBatch() != nil {}
    let handle = try #require(FileHandle(forWritingAtPath: file.path))
    try handle.seekToEnd()
    handle.write(Data([0]))
    let error = try #require(throws: CaptureError.self) { try reader.finish() }
    #expect(error.kind == .changed)
  }
}
