// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What the tool prints for the samples, as reviewed text.
///
/// `LENSTRACE_UPDATE_SNAPSHOTS=1 swift test --filter SnapshotTests` writes the files anew.
struct SnapshotTests {
  struct Command: CustomStringConvertible, Sendable {
    var name: String
    var arguments: [String]

    var description: String { name }
  }

  private static let policy = ["--geoip", "geoip-sample.csv", "--home", "IT"]

  static let commands: [Command] = [
    Command(name: "camera-abroad.txt", arguments: ["camera-abroad.pcapng"] + policy),
    Command(
      name: "camera-abroad-80.txt", arguments: ["camera-abroad.pcapng", "--width", "80"] + policy),
    Command(
      name: "camera-abroad.json",
      arguments: [
        "analyze", "camera-abroad.pcapng", "--format", "json", "--include", "timeline,names",
      ] + policy),
    Command(
      name: "no-home.txt", arguments: ["camera-abroad.pcapng", "--geoip", "geoip-sample.csv"]),
    Command(name: "no-table.txt", arguments: ["camera-abroad.pcapng"]),
    Command(name: "mpegts-abroad.txt", arguments: ["mpegts-abroad.pcap"] + policy),
    Command(name: "rtsp-lan.txt", arguments: ["rtsp-lan.pcap"] + policy),
    Command(name: "ordinary.txt", arguments: ["ordinary.pcapng"] + policy),
    Command(
      name: "ordinary-flows.csv", arguments: ["flows", "ordinary.pcapng", "--format", "csv"]),
    Command(
      name: "flows.txt",
      arguments: ["flows", "camera-abroad.pcapng", "--sort", "bytes", "--width", "140"]),
    Command(
      name: "flows-80.txt",
      arguments: ["flows", "camera-abroad.pcapng", "--sort", "bytes", "--width", "80"]),
    Command(name: "devices.txt", arguments: ["devices", "camera-abroad.pcapng"]),
    Command(
      name: "timeline.txt",
      arguments: ["timeline", "camera-abroad.pcapng", "--by", "country"] + policy),
    Command(name: "info.txt", arguments: ["info", "camera-abroad.pcapng"]),
    Command(
      name: "info.json",
      arguments: ["info", "mpegts-abroad.pcap", "camera-abroad.pcapng", "--format", "json"]),
    Command(
      name: "lookup.csv",
      arguments: [
        "geoip", "lookup", "203.0.113.77", "192.168.1.1", "2001:db8:aaaa::99", "8.8.8.8",
        "--format", "csv",
      ] + policy),
    Command(name: "table.txt", arguments: ["geoip", "check", "geoip-sample.csv"]),
  ]

  private static let isUpdating =
    ProcessInfo.processInfo.environment["LENSTRACE_UPDATE_SNAPSHOTS"] == "1"

  @Test(arguments: commands)
  func printsWhatWasReviewed(command: Command) throws {
    let run = try Tool.run(command.arguments)
    #expect(run.status == 0)
    #expect(run.errors == "")
    let file = Tool.project.appending(path: "Tests/EndToEndTests/Snapshots/\(command.name)")
    if Self.isUpdating, run.status == 0 {
      try Data(run.output.utf8).write(to: file)
      return
    }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    if run.output != expected {
      let was = expected.split(separator: "\n", omittingEmptySubsequences: false)
      let printed = run.output.split(separator: "\n", omittingEmptySubsequences: false)
      let line = zip(was, printed).enumerated().first { $0.element.0 != $0.element.1 }
      let place = line?.offset ?? min(was.count, printed.count)
      Issue.record(
        """
        \(command.name) differs from its snapshot in line \(place + 1)
        was:     \(line.map { String($0.element.0) } ?? "(\(was.count) lines)")
        printed: \(line.map { String($0.element.1) } ?? "(\(printed.count) lines)")
        """)
    }
  }

  @Test func threadsChangeNothing() throws {
    let arguments = ["analyze", "camera-abroad.pcapng", "--format", "json", "--include", "flows"]
    let one = try Tool.run(arguments + Self.policy + ["--jobs", "1"])
    let two = try Tool.run(arguments + Self.policy + ["--jobs", "2"])
    #expect(one.output == two.output)
    #expect(one.output.count > 1_000)
  }

  @Test func theFolderChangesNothing() throws {
    try Tool.withFolder { folder in
      let samples = Tool.project.appending(path: "Samples")
      for name in ["camera-abroad.pcapng", "geoip-sample.csv"] {
        try FileManager.default.copyItem(
          at: samples.appending(path: name), to: folder.appending(path: name))
      }
      let arguments = ["analyze", "camera-abroad.pcapng", "--format", "json"] + Self.policy
      #expect(try Tool.run(arguments).output == Tool.run(arguments, in: folder).output)
    }
  }
}
