// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `--log FILE`: what results must not tell.
struct RunLogTests {
  @Test func theLogTellsWhenWhereAndByWhichCommand() throws {
    try Tool.withFolder { folder in
      let log = folder.appending(path: "run.log")
      let arguments = ["analyze", "rtsp-lan.pcap", "--log", log.path]
      let plain = try Tool.run(["analyze", "rtsp-lan.pcap"])
      for _ in 0..<2 { #expect(try Tool.run(arguments).output == plain.output) }
      let text = try String(contentsOf: log, encoding: .utf8)
      #expect(text.components(separatedBy: " begin lenstrace").count == 3)
      #expect(text.components(separatedBy: " end status 0 after ").count == 3)
      #expect(text.contains("command "))
      #expect(text.contains("input rtsp-lan.pcap 835109 bytes sha256 "))
    }
  }

  @Test func anInputIsNoLog() throws {
    try Tool.withFolder { folder in
      let capture = folder.appending(path: "a.pcap")
      try FileManager.default.copyItem(
        at: Tool.project.appending(path: "Samples/rtsp-lan.pcap"), to: capture)
      let before = try Data(contentsOf: capture)
      #expect(try Tool.run(["analyze", capture.path, "--log", capture.path]).status == 73)
      #expect(try Data(contentsOf: capture) == before)
    }
  }

  /// A result there would replace it, by whatever name.
  @Test(arguments: [
    ["--output", "json:run.log", "--force"], ["--output", "json:./run.log"],
    ["--output", "text:other.txt", "--output", "json:link.json", "--force"],
  ])
  func aResultAtThePlaceOfTheLogIsRefused(outputs: [String]) throws {
    try Tool.withFolder { folder in
      let log = folder.appending(path: "run.log")
      try Data("before\n".utf8).write(to: log)
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "link.json"), withDestinationURL: log)
      let capture = Tool.project.appending(path: "Samples/rtsp-lan.pcap").path
      for command in [["analyze", capture], ["info", capture], ["diff", capture, capture]] {
        let run = try Tool.run(command + ["--log", "run.log"] + outputs, in: folder)
        #expect(run.status == 64)
        #expect(run.errors.contains("is named twice, it is the place of --log too"))
      }
      let carve = try Tool.run(
        ["carve", capture, "--all", "--force", "--log", "run.log", "--packets", "run.log"],
        in: folder)
      #expect(carve.status == 64)
      let text = try String(contentsOf: log, encoding: .utf8)
      #expect(text.hasPrefix("before\n"))
      #expect(text.components(separatedBy: " begin lenstrace").count == 5)
      #expect(text.components(separatedBy: " end status 64 after ").count == 5)
    }
  }

  #if os(Linux)
  @Test func aLogThatCannotBeWrittenIsSaidOnceAndChangesNothing() throws {
    let plain = try Tool.run(["analyze", "rtsp-lan.pcap"])
    let run = try Tool.run(["analyze", "rtsp-lan.pcap", "--log", "/dev/full"])
    #expect(run.status == 0)
    #expect(run.output == plain.output)
    #expect(run.errors.components(separatedBy: "--log /dev/full: cannot write").count == 2)
  }
  #endif
}
