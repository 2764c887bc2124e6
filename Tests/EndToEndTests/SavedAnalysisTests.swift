// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A saved analysis gives every report again, byte for byte, without the capture.
struct SavedAnalysisTests {
  private static let policy = ["--geoip", "geoip-sample.csv", "--home", "IT"]

  @Test(arguments: [
    "camera-abroad.pcapng", "rtsp-lan.pcap", "ordinary.pcapng", "airport.pcapng.zst",
    "recorder-emptied.pcapng.zst",
  ])
  func everyReportComesOutTheSame(capture: String) throws {
    try Tool.withFolder { folder in
      let saved = folder.appending(path: "case.lenstrace").path
      let made = try Tool.run(["analyze", capture, "--output", saved] + Self.policy)
      #expect(made.status == 0)
      let commands: [[String]] =
        ["text", "json", "ndjson", "csv", "html", "svg", "timesketch"].map {
          ["analyze", "INPUT", "--format", $0]
        } + [
          ["analyze", "INPUT", "--format", "json", "--include", "flows,timeline,names"],
          ["timeline", "INPUT", "--by", "device"], ["timeline", "INPUT", "--format", "csv"],
          ["timeline", "INPUT", "--by", "flow", "--format", "json"],
          ["timeline", "INPUT", "--by", "stream"],
          ["flows", "INPUT", "--format", "csv"], ["flows", "INPUT", "--sort", "bytes"],
          ["devices", "INPUT"], ["devices", "INPUT", "--format", "csv"],
          ["analyze", "INPUT", "--select", "severity>=high"],
        ]
      for command in commands {
        let fresh = try Tool.run(command.map { $0 == "INPUT" ? capture : $0 } + Self.policy)
        let again = try Tool.run(command.map { $0 == "INPUT" ? saved : $0 })
        #expect(fresh.status == again.status)
        #expect(fresh.output == again.output, "\(command.joined(separator: " "))")
      }
      let second = folder.appending(path: "again.lenstrace").path
      #expect(try Tool.run(["analyze", saved, "--output", second]).status == 0)
      #expect(
        try Data(contentsOf: URL(filePath: saved)) == Data(contentsOf: URL(filePath: second)))
    }
  }

  @Test func caseNotesAreKeptAndCanBeReplaced() throws {
    try Tool.withFolder { folder in
      let saved = folder.appending(path: "case.lenstrace").path
      _ = try Tool.run([
        "analyze", "rtsp-lan.pcap", "--case", "12/26", "--examiner", "A. Rossi", "--output", saved,
      ])
      let text = try Tool.run(["analyze", saved, "--note", "seen twice"]).output
      #expect(text.contains("case 12/26"))
      #expect(text.contains("A. Rossi"))
      #expect(text.contains("seen twice"))
    }
  }

  /// The clock of the site can be chosen when a report is made, and is kept when it was before.
  @Test func theClockOfTheSiteIsKeptAndCanBeReplaced() throws {
    try Tool.withFolder { folder in
      let saved = folder.appending(path: "case.lenstrace").path
      _ = try Tool.run(["analyze", "rtsp-lan.pcap", "--time-zone", "+05:30", "--output", saved])
      #expect(try Tool.run(["timeline", saved]).output.contains(" +05:30)"))
      let other = try Tool.run(["timeline", saved, "--time-zone", "-03:00"]).output
      #expect(other.contains(" -03:00)"))
      #expect(!other.contains("+05:30"))
    }
  }

  @Test func whatIsNoSavedAnalysisIsSaid() throws {
    try Tool.withFolder { folder in
      let file = folder.appending(path: "case.lenstrace")
      for content in ["", "{", "{\"schema\": \"other\"}", "{\"schema\": \"lenstrace.analysis/1\"}"]
      {
        try Data(content.utf8).write(to: file)
        let run = try Tool.run(["analyze", file.path])
        #expect(run.status == 65)
        #expect(run.errors.contains("no saved analysis"))
      }
    }
  }

  @Test func packetsAreNotInIt() throws {
    try Tool.withFolder { folder in
      let saved = folder.appending(path: "case.lenstrace").path
      _ = try Tool.run(["analyze", "rtsp-lan.pcap", "--output", saved])
      let carve = try Tool.run(
        ["carve", saved, "--flow", "1", "--packets", "x.pcapng"], in: folder)
      #expect(carve.status == 64)
      #expect(try Tool.run(["analyze", saved, "--filter", "udp"]).status == 64)
      #expect(try Tool.run(["analyze", saved, "rtsp-lan.pcap"]).status == 64)
    }
  }
}
