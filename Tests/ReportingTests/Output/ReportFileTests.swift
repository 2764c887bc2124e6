// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Reporting

struct ReportFileTests {
  /// A folder of its own for each test.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "lenstrace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func content(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func nothingIsSeenBeforeTheEnd() throws {
    try withFolder { folder in
      let path = folder + "/report.json"
      let file = try ReportFile(path, overwrites: false, inputs: [])
      file.sink.write("half")
      #expect(content(path) == nil)
      file.sink.write(" and half")
      try file.commit()
      #expect(content(path) == "half and half")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["report.json"])
    }
  }

  @Test func anAbandonedReportLeavesNothing() throws {
    try withFolder { folder in
      do {
        let file = try ReportFile(folder + "/report.json", overwrites: false, inputs: [])
        file.sink.write("half")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test func existingFilesNeedForce() throws {
    try withFolder { folder in
      let path = folder + "/report.json"
      #expect(FileManager.default.createFile(atPath: path, contents: Data("old".utf8)))
      let error = #expect(throws: ReportError.self) {
        try ReportFile(path, overwrites: false, inputs: [])
      }
      #expect(error?.kind == .exists)
      #expect(content(path) == "old")
      let file = try ReportFile(path, overwrites: true, inputs: [])
      file.sink.write("new")
      try file.commit()
      #expect(content(path) == "new")
    }
  }

  @Test func aFileThatAppearsMeanwhileIsKept() throws {
    try withFolder { folder in
      let path = folder + "/report.json"
      let file = try ReportFile(path, overwrites: false, inputs: [])
      file.sink.write("new")
      #expect(FileManager.default.createFile(atPath: path, contents: Data("other".utf8)))
      let error = #expect(throws: ReportError.self) { try file.commit() }
      #expect(error?.kind == .exists)
      #expect(content(path) == "other")
    }
  }

  @Test func inputsAreNeverWritten() throws {
    try withFolder { folder in
      let input = folder + "/capture.pcap"
      #expect(FileManager.default.createFile(atPath: input, contents: Data("evidence".utf8)))
      let link = folder + "/link.json"
      try FileManager.default.linkItem(atPath: input, toPath: link)
      let alias = folder + "/alias.json"
      try FileManager.default.createSymbolicLink(atPath: alias, withDestinationPath: input)
      for path in [input, link, alias] {
        let error = #expect(throws: ReportError.self) {
          try ReportFile(path, overwrites: true, inputs: [input])
        }
        #expect(error?.kind == .isInput)
      }
      #expect(content(input) == "evidence")
    }
  }

  @Test func aFolderThatIsNotThereIsNamed() {
    let error = #expect(throws: ReportError.self) {
      try ReportFile("/nonexistent/report.json", overwrites: false, inputs: [])
    }
    #expect(error?.kind == .cannotWrite)
    #expect(error?.file == "/nonexistent/report.json")
  }

  @Test func aFullDiskIsReported() {
    guard let handle = FileHandle(forWritingAtPath: "/dev/full") else { return }
    let sink = ReportSink(descriptor: handle.fileDescriptor, name: "/dev/full")
    for _ in 0..<20_000 { sink.write("much too much ") }
    #expect(sink.hasFailed)
    let error = #expect(throws: ReportError.self) { try sink.finish() }
    #expect(error?.kind == .cannotWrite)
  }
}
