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

  /// Other ways to the same file: a hard link, another path, a list, standard input, a folder.
  @Test(arguments: [
    "analyze a.pcap --force --output json:hard.pcap",
    "analyze hard.pcap --force --output json:a.pcap",
    "analyze a.pcap --force --output json:sub/../a.pcap",
    "analyze a.pcap --force --output json:/dev/fd/9 9<a.pcap",
    "analyze --files-from list.txt --force --output json:list.txt",
    "analyze --files-from list.txt --force --output json:a.pcap",
    "analyze - --force --output json:a.pcap <a.pcap",
    "analyze /dev/stdin --force --output json:a.pcap <a.pcap",
    "flows - --format csv <a.pcap 1<>a.pcap",
    "info - --force --output json:a.pcap <a.pcap",
    "info --files-from list.txt --force --output json:list.txt",
    "analyze a.pcap --log hard.pcap", "analyze . --log a.pcap", "info . --log a.pcap",
    "analyze - --log a.pcap <a.pcap", "analyze --files-from list.txt --log list.txt",
    "analyze a.pcap --policy policy.json --log policy.json",
    "explain F-00000000 a.pcap --policy policy.json --force --output text:policy.json",
    "diff a.pcap a.pcap --policy policy.json --force --output json:policy.json",
    "diff . . --force --output json:a.pcap", "diff a.pcap a.pcap --log a.pcap",
    "evaluate labels.tsv . --force --output json:a.pcap",
    "evaluate labels.tsv . --geoip table.csv --force --output json:table.csv",
    "evaluate labels.tsv . --log labels.tsv",
    "carve a.pcap --all --policy policy.json --force --beside-input --packets policy.json",
    "carve --files-from list.txt --all --force --beside-input --packets list.txt",
    "carve a.pcap --all --force --beside-input --packets hard.pcap",
  ])
  func noInputIsOverwrittenByAnotherName(command: String) throws {
    try Tool.withFolder { folder in
      try prepare(folder)
      let names = ["a.pcap", "table.csv", "policy.json", "list.txt", "labels.tsv"]
      try Data("a.pcap\n".utf8).write(to: folder.appending(path: "list.txt"))
      try Data("capture\tflow\tlabel\na.pcap\t* udp\tvideo\n".utf8).write(
        to: folder.appending(path: "labels.tsv"))
      try FileManager.default.createDirectory(
        at: folder.appending(path: "sub"), withIntermediateDirectories: true)
      let before = try names.map { try Data(contentsOf: folder.appending(path: $0)) }
      try FileManager.default.linkItem(
        at: folder.appending(path: "a.pcap"), to: folder.appending(path: "hard.pcap"))
      let run = try shell("\"$0\" \(command)", in: folder)
      #expect(run.status == 73)
      #expect(run.errors.contains("one of the inputs"))
      #expect(try names.map { try Data(contentsOf: folder.appending(path: $0)) } == before)
    }
  }

  /// A result that breaks off leaves nothing under its name, nor under another.
  @Test(arguments: [
    "json", "ndjson", "csv", "html", "svg", "sqlite", "timesketch", "lenstrace", "text",
  ])
  func aResultThatBreaksOffIsRemoved(format: String) throws {
    try Tool.withFolder { folder in
      try prepare(folder)
      // No file may grow, as on a disk that is full; the message goes to a file too.
      let run = try shell(
        "trap '' XFSZ; ulimit -f 0; \"$0\" analyze a.pcap --output \(format):out --quiet",
        in: folder)
      #expect(run.status == 73)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!names.contains { $0.hasPrefix("out") })
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
