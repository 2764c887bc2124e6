// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Statuses that scripts rely on.
struct ExitStatusTests {
  private static let policy = ["--geoip", "geoip-sample.csv", "--home", "IT"]

  @Test(arguments: [
    ("camera-abroad.pcapng", "high", Int32(1)), ("camera-abroad.pcapng", "critical", 0),
    ("ordinary.pcapng", "low", 0), ("rtsp-lan.pcap", "low", 0),
  ])
  func failOn(capture: String, severity: String, status: Int32) throws {
    let run = try Tool.run([capture, "--fail-on", severity] + Self.policy)
    #expect(run.status == status)
  }

  @Test func selectionAndQuiet() throws {
    let run = try Tool.run(
      ["camera-abroad.pcapng", "camera-abroad.pcapng", "--quiet", "--select", "country=CN"]
        + Self.policy)
    #expect(run.status == 0)
    #expect(run.errors == "")
    #expect(run.output.contains("FINDINGS (1, worst first)"))
    let loud = try Tool.run(["info", "camera-abroad.pcapng", "camera-abroad.pcapng"])
    #expect(loud.errors.contains("note:"))
  }

  @Test func severalOutputsFromOnePass() throws {
    try Tool.withFolder { folder in
      let run = try Tool.run(
        ["flows", "ordinary.pcapng", "--format", "csv"]
          + ["csv", "json", "ndjson", "txt"].flatMap { ["--output", "\(folder.path)/flows.\($0)"] })
      #expect(run.status == 0)
      let csv = try Data(contentsOf: folder.appending(path: "flows.csv"))
      #expect(String(decoding: csv, as: UTF8.self) == run.output)
      let lines = run.output.split(separator: "\n").count - 1
      let ndjson = try Data(contentsOf: folder.appending(path: "flows.ndjson"))
      #expect(ndjson.split(separator: UInt8(ascii: "\n")).count == lines)
      let json = try JSONSerialization.jsonObject(
        with: Data(contentsOf: folder.appending(path: "flows.json")))
      #expect((json as? [Any])?.count == lines)
    }
  }
}
