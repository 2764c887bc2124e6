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
