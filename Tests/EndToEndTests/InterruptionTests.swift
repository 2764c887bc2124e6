// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Control-C: a report of what was read so far, marked partial, and no half-written file.
struct InterruptionTests {
  /// The tool reads from a pipe that stays open, so that it is surely at work when it is told to
  /// stop.
  @Test func aPartialReportSaysThatItIsPartial() throws {
    let executable = try #require(Tool.executable)
    let capture = Tool.project.appending(path: "Samples/camera-abroad.pcapng")
    let bytes = try Data(contentsOf: capture)
    try Tool.withFolder { folder in
      let process = Process()
      process.executableURL = executable
      process.currentDirectoryURL = folder
      process.arguments =
        ["-", "--no-progress"]
        + ["json", "text", "html", "sqlite", "csv"].flatMap { ["--output", "\($0):out.\($0)"] }
      let input = Pipe()
      process.standardInput = input
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      // More than once round, so that some was analysed; the pipe is never closed.
      try input.fileHandleForWriting.write(contentsOf: bytes)
      Thread.sleep(forTimeInterval: 2)
      process.interrupt()
      // What waits for the next bytes is let go on.
      try? input.fileHandleForWriting.write(contentsOf: bytes.prefix(4_096))
      try? input.fileHandleForWriting.close()
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(left == ["out.csv", "out.html", "out.json", "out.sqlite", "out.text"])
      func content(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
      }
      let object = try JSONSerialization.jsonObject(
        with: Data(contentsOf: folder.appending(path: "out.json")))
      let analysis = try #require(object as? [String: Any])
      #expect(analysis["complete"] as? Bool == false)
      #expect(try content("out.text").contains("PARTIAL"))
      #expect(try content("out.html").contains("PARTIAL"))
      #expect(try content("out.html").hasSuffix("</html>\n"))
    }
  }
}
