// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Sets of captures as investigators bring them: rotated, concurrent, very many.
struct CaptureSetRunTests {
  /// Packet `index` of a flow of one packet a second.
  private static func capture(_ indices: some Sequence<Int>) -> Data {
    var builder = CaptureBuilder.pcap()
    for index in indices {
      let layer = Packet.udp(from: 40_000, to: 5_004, Packet.payload(300, seed: index))
      builder.record(
        seconds: UInt32(1_000_000 + index),
        Packet.ethernet(Packet.ipv4(from: "10.0.0.1", to: "203.0.113.9", layer)))
    }
    return Data(builder.bytes)
  }

  @Test(arguments: ["--jobs=1", "--jobs=2"])
  func moreFilesThanMayBeOpen(jobs: String) throws {
    try Tool.withFolder { folder in
      for file in 0..<300 {
        try Self.capture(file * 3..<file * 3 + 3).write(
          to: folder.appending(path: "rotated-\(1_000 + file).pcap"))
      }
      let info = try Tool.run(
        ["info", folder.path, "--format=json", "--no-progress", jobs], openFiles: 64)
      #expect(info.status == 0)
      #expect(info.errors == "")
      #expect(info.output.components(separatedBy: "\"packets\": 3,").count == 601)
      let flows = try Tool.run(
        ["flows", folder.path, "--format=csv", "--no-progress", jobs], openFiles: 64)
      #expect(flows.status == 0)
      #expect(flows.output.contains("1,udp,10.0.0.1,40000,203.0.113.9,5004,"))
      #expect(flows.output.split(separator: "\n").count == 2)
      #expect(flows.output.contains(",900,0,"))
      let target = folder.appending(path: "all.pcapng").path
      let carve = try Tool.run(
        ["carve", folder.path, "--all", "--packets", target, "--beside-input", jobs],
        openFiles: 64)
      #expect(carve.status == 0)
      #expect(carve.errors.contains("900 packets written"))
    }
  }

  /// Three rotated files of one capture point, and one of another point that lasts over all.
  @Test(arguments: ["--jobs=1", "--jobs=2"])
  func rotatedAndConcurrentFilesWithATimeRange(jobs: String) throws {
    try Tool.withFolder { folder in
      // Named so that neither the order of names nor the order given is that of time.
      try Self.capture(stride(from: 0, to: 300, by: 2)).write(
        to: folder.appending(path: "b-first.pcap"))
      try Self.capture(stride(from: 300, to: 600, by: 2)).write(
        to: folder.appending(path: "a-second.pcap"))
      try Self.capture(stride(from: 700, to: 900, by: 2)).write(
        to: folder.appending(path: "c-third.pcap"))
      try Self.capture(stride(from: 1, to: 900, by: 2)).write(
        to: folder.appending(path: "other-point.pcap"))
      let files = ["c-third.pcap", "other-point.pcap", "a-second.pcap", "b-first.pcap"]
      let all = ["flows", "--format=csv", "--keep-duplicates", jobs, "--idle-timeout", "off"]
      let whole = try Tool.run(all + files, in: folder)
      #expect(whole.status == 0)
      // 850 packets of 342 bytes in one flow that begins with the first packet of the last file.
      #expect(whole.output.contains("1970-01-12T13:46:40.000000000Z,"))
      #expect(whole.output.contains(",850,0,\(850 * 342),0,"))
      let part = try Tool.run(all + ["--from=1000100", "--to=1000750.5"] + files, in: folder)
      // 100 ... 600 of both points, 601 ... 699 of one, 700 ... 750 of both.
      #expect(part.output.contains("1970-01-12T13:48:20.000000000Z,1970-01-12T13:59:10.000000000Z"))
      #expect(part.output.contains(",601,0,\(601 * 342),0,"))
      let filtered = try Tool.run(
        all + ["--from=1000100", "--filter=less 100"] + files, in: folder)
      #expect(filtered.output.split(separator: "\n").count == 1)
    }
  }

  @Test func gapsAndOverlapsBetweenFilesAreTold() throws {
    try Tool.withFolder { folder in
      try Self.capture(0..<10).write(to: folder.appending(path: "a.pcap"))
      try Self.capture(5..<20).write(to: folder.appending(path: "b.pcap"))
      try Self.capture(100..<110).write(to: folder.appending(path: "c.pcap"))
      let text = try Tool.run(["info", "a.pcap", "b.pcap", "c.pcap", "--width=160"], in: folder)
      #expect(text.output.contains("between the files"))
      #expect(text.output.contains("no packets"))
      #expect(
        text.output.contains("1970-01-12T13:46:59.000000000Z to 1970-01-12T13:48:20.000000000Z"))
      let json = try Tool.run(
        ["info", "a.pcap", "b.pcap", "c.pcap", "--format=json"], in: folder)
      #expect(
        json.output.contains(
          #""gap_before": {"from": "1970-01-12T13:46:59.000000000Z", "#
            + #""to": "1970-01-12T13:48:20.000000000Z", "path": "b.pcap"}"#))
      #expect(
        json.output.contains(
          #""overlaps": [{"from": "1970-01-12T13:46:45.000000000Z", "#
            + #""to": "1970-01-12T13:46:49.000000000Z", "path": "a.pcap"}]"#))
    }
  }

  /// The tool is told to stop while it reads what never ends.
  @Test func anInterruptedCarvingLeavesNothing() throws {
    try Tool.withFolder { folder in
      try Self.capture(0..<200_000).write(to: folder.appending(path: "in.pcap"))
      let target = folder.appending(path: "out/new.pcapng").path
      try FileManager.default.createDirectory(
        at: folder.appending(path: "out"), withIntermediateDirectories: true)
      let run = try Tool.run(
        ["carve", "in.pcap", "--all", "--packets", target, "--no-progress"], in: folder,
        interruptedAfter: 0.05)
      let left = try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "out").path)
      // A fast machine may have finished.
      if run.status == 0 {
        #expect(left == ["new.pcapng"])
      } else {
        #expect(run.status == 130)
        #expect(left == [])
      }
    }
  }
}
