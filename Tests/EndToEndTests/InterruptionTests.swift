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
      try input.fileHandleForWriting.write(contentsOf: bytes.dropLast(100))
      Thread.sleep(forTimeInterval: 2)
      // It waits for the next bytes, inside a record: it has to stop all the same.
      process.interrupt()
      process.waitUntilExit()
      try? input.fileHandleForWriting.close()
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
      // What was cut by the stop is not damaged.
      let facts = try #require((analysis["inputs"] as? [[String: Any]])?.first)
      #expect((facts["damage"] as? [Any])?.isEmpty == true)
      #expect((facts["packets"] as? Int).map { $0 > 1_000 } == true)
      #expect(try content("out.text").contains("PARTIAL"))
      #expect(try content("out.html").contains("PARTIAL"))
      #expect(try content("out.html").hasSuffix("</html>\n"))
    }
  }

  /// A named pipe without a writer, and one whose writer sends nothing.
  ///
  /// Opening the one and reading the other take for ever. As a capture, a table and a list of
  /// hardware addresses.
  @Test(arguments: [false, true], [[], ["--geoip"], ["--oui"]])
  func aPipeThatGivesNothingIsLeft(hasWriter: Bool, option: [String]) throws {
    let executable = try #require(Tool.executable)
    let capture = Tool.project.appending(path: "Samples/rtsp-lan.pcap").path
    try Tool.withFolder { folder in
      let pipe = folder.appending(path: "pipe").path
      try #require(mkfifo(pipe, 0o600) == 0)
      let process = Process()
      process.executableURL = executable
      process.currentDirectoryURL = folder
      process.arguments =
        (option.isEmpty ? [] : [capture]) + option
        + ["pipe", "--no-progress", "--output", "out.json"]
      process.standardOutput = FileHandle.nullDevice
      let messages = Pipe()
      process.standardError = messages
      try process.run()
      let writer = hasWriter ? try FileHandle(forWritingTo: URL(filePath: pipe)) : nil
      Thread.sleep(forTimeInterval: 1)
      #expect(process.isRunning)
      process.interrupt()
      process.waitUntilExit()
      try writer?.close()
      #expect(process.terminationStatus == 130)
      let said = String(
        decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      #expect(said.contains("interrupted; nothing was written"))
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left == ["pipe"])
    }
  }
}
