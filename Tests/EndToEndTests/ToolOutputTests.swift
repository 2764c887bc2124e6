// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Outputs that cannot be written, that would hurt an input, or that must not tell secrets.
struct ToolOutputTests {
  private let samples = Tool.project.appending(path: "Samples")

  /// Options that name an input beside the captures.
  private static let inputOptions: [[String]] = [
    ["--geoip", "table.csv"], ["--policy", "policy.json"], ["--oui", "oui.csv"],
  ]

  private func prepare(_ folder: URL) throws {
    try FileManager.default.copyItem(
      at: samples.appending(path: "mpegts-abroad.pcap"), to: folder.appending(path: "a.pcap"))
    let files = [
      ("table.csv", "start,end,asn,country\n11.0.0.0,11.0.0.255,64500,IT\n"),
      ("policy.json", "{\"schema\": \"lenstrace.policy/1\", \"home\": [\"IT\"]}"),
      (
        "oui.csv",
        "Registry,Assignment,Organization Name,Organization Address\nMA-L,28CDC1,Raspberry,x\n"
      ),
    ]
    for (name, text) in files {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
  }

  @Test(arguments: inputOptions, ["analyze", "flows", "devices", "timeline"])
  func noInputIsOverwritten(option: [String], command: String) throws {
    try Tool.withFolder { folder in
      try prepare(folder)
      let path = folder.appending(path: option[1])
      let before = try Data(contentsOf: path)
      for place in ["json:\(option[1])", "json:./\(option[1])", "json:link"] {
        try? FileManager.default.createSymbolicLink(
          at: folder.appending(path: "link"), withDestinationURL: path)
        let run = try Tool.run(
          [command, "a.pcap", "--force", "--output", place] + option, in: folder)
        #expect(run.status == 73)
        #expect(run.errors.contains("one of the inputs"))
        #expect(try Data(contentsOf: path) == before)
      }
    }
  }

  @Test func theListIsUsed() throws {
    try Tool.withFolder { folder in
      try prepare(folder)
      let run = try Tool.run(
        ["analyze", "a.pcap", "--oui", "oui.csv", "--format", "json"], in: folder)
      #expect(run.status == 0)
      #expect(run.output.contains("\"oui_sha256\": \""))
      let bad = try Tool.run(["analyze", "a.pcap", "--oui", "policy.json"], in: folder)
      #expect(bad.status == 65)
      #expect(bad.errors.contains("policy.json: no list of hardware address prefixes"))
      #expect(try Tool.run(["analyze", "a.pcap", "--oui", "none.csv"], in: folder).status == 66)
    }
  }

  /// `sh` redirects as a user does; nothing is left behind where a result cannot be written.
  private func shell(_ script: String, in folder: URL) throws -> (status: Int32, errors: String) {
    let executable = try #require(Tool.executable)
    let errors = folder.appending(path: "errors.txt")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", script + " 2>errors.txt", executable.path]
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    return (
      process.terminationStatus, String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    )
  }

  #if os(Linux)
  @Test(arguments: [
    "analyze a.pcap --format text", "analyze a.pcap --format json", "flows a.pcap --format csv",
    "devices a.pcap", "timeline a.pcap --format json", "info a.pcap", "explain thresholds",
    "geoip check table.csv", "geoip lookup 8.8.8.8 --geoip table.csv",
  ])
  func aFullDiskIsSaid(command: String) throws {
    try Tool.withFolder { folder in
      try prepare(folder)
      let run = try shell("\"$0\" \(command) > /dev/full", in: folder)
      #expect(run.status == 73)
      #expect(run.errors.contains("No space left on device"))
    }
  }
  #endif

  @Test(arguments: [
    "analyze a.pcap --format json --include flows", "flows a.pcap --format csv", "info a.pcap",
  ])
  func aClosedPipeIsSaid(command: String) throws {
    try Tool.withFolder { folder in
      try prepare(folder)
      // The reader is gone before the first byte.
      let script = "{ sleep 0.3; \"$0\" \(command); echo $? >status.txt; } | true"
      _ = try shell(script, in: folder)
      let said = try String(contentsOf: folder.appending(path: "status.txt"), encoding: .utf8)
      #expect(said == "73\n")
    }
  }

  @Test func nothingIsWrittenToFoldersAndDevices() throws {
    try Tool.withFolder { folder in
      try prepare(folder)
      try FileManager.default.createDirectory(
        at: folder.appending(path: "folder.json"), withIntermediateDirectories: true)
      for place in ["json:folder.json", "json:/dev/null/x", "json:no/such/folder.json"] {
        let run = try Tool.run(["analyze", "a.pcap", "--force", "--output", place], in: folder)
        #expect(run.status == 73)
        #expect(!run.errors.isEmpty)
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == ["a.pcap", "folder.json", "oui.csv", "policy.json", "table.csv"])
    }
  }

  /// A standard output that is one of the inputs would grow while it is read.
  @Test func standardOutputIsNoInput() throws {
    try Tool.withFolder { folder in
      try prepare(folder)
      let before = try Data(contentsOf: folder.appending(path: "a.pcap"))
      let run = try shell("\"$0\" analyze a.pcap >> a.pcap", in: folder)
      #expect(run.status == 73)
      #expect(run.errors.contains("one of the inputs"))
      #expect(try Data(contentsOf: folder.appending(path: "a.pcap")) == before)
    }
  }
}
