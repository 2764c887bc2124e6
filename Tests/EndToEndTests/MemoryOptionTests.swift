// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `--memory`: what meets its bounds is counted and said, and the sums stay exact.
struct MemoryOptionTests {
  /// Flows of one address pair, so of one shard: at 128 MiB it tells 5,209 apart.
  private static let flows = 6_000
  private static let flowsAtLeast = 5_209

  private static func capture(in folder: URL) throws -> String {
    var builder = CaptureBuilder.pcap()
    for index in 0..<flows {
      let layer = Packet.udp(
        from: 1_024 + index, to: 5_004, Packet.payload(300, seed: index))
      builder.record(
        seconds: UInt32(1_000_000 + index / 1_000), fraction: UInt32(index % 1_000),
        Packet.ethernet(Packet.ipv4(from: "10.0.0.1", to: "203.0.113.9", layer)))
    }
    let file = folder.appending(path: "flows.pcap")
    try Data(builder.bytes).write(to: file)
    return file.path
  }

  @Test func theBoundIsMetAtTheSamePacketWhateverTheThreads() throws {
    try Tool.withFolder { folder in
      let file = try Self.capture(in: folder)
      let runs = try ["--jobs=1", "--jobs=2", "--jobs=3"].map {
        try Tool.run([
          "analyze", "--format=json", "--include=flows", "--memory=128M", "--no-progress", $0, file,
        ])
      }
      #expect(runs[0].status == 0)
      #expect(runs.allSatisfy { $0.output == runs[0].output })
      let report = try #require(
        try JSONSerialization.jsonObject(with: runs[0].bytes) as? [String: Any])
      let configuration = try #require(report["configuration"] as? [String: Any])
      #expect(configuration["memory_bytes"] as? Int == 128 << 20)
      let limitations = try #require(report["limitations"] as? [[String: Any]])
      let met = try #require(limitations.first { $0["id"] as? String == "bound_flows" })
      #expect(met["count"] as? Int == Self.flows - Self.flowsAtLeast)
      let text = try #require(met["text"] as? String)
      #expect(text.contains("First at 1970-01-12 13:46:45 UTC."))
      #expect(text.contains("More is kept with more --memory than 128 MiB."))
      // Not a packet, not a byte is lost: the last flow is the sum of all that had no place.
      let flows = try #require(report["flows"] as? [[String: Any]])
      #expect(flows.count == Self.flowsAtLeast + 1)
      let packets = flows.reduce(0) { $0 + ($1["originator_packets"] as? Int ?? 0) }
      let bytes = flows.reduce(0) { $0 + ($1["originator_wire_bytes"] as? Int ?? 0) }
      #expect(packets == Self.flows)
      #expect(bytes == Self.flows * 342)
      #expect(flows.last?["originator_packets"] as? Int == Self.flows - Self.flowsAtLeast)
    }
  }

  @Test func moreMemoryTellsAllFlowsApart() throws {
    try Tool.withFolder { folder in
      let file = try Self.capture(in: folder)
      for memory in [[], ["--memory", "160m"], ["--memory=3221225472"]] {
        let run = try Tool.run(["analyze", "--format=json", "--no-progress", file] + memory)
        #expect(run.status == 0)
        #expect(!run.output.contains("bound_flows"))
      }
    }
  }

  @Test(arguments: [
    ("127M", "127M is too little; the least is 128M, the most 64G"),
    ("0", "0 is too little; the least is 128M, the most 64G"),
    ("65G", "65G is too much; the least is 128M, the most 64G"),
    ("9999999999999T", "9999999999999T is too much; the least is 128M, the most 64G"),
    ("much", "\"much\" is no size; write 512M or 2G"),
    ("-1G", "\"-1G\" is no size; write 512M or 2G"),
    ("1.5G", "\"1.5G\" is no size; write 512M or 2G"),
    ("2X", "\"2X\" is no size; write 512M or 2G"),
  ])
  func nonsenseIsRefused(size: String, message: String) throws {
    for command in ["analyze", "flows", "devices", "timeline"] {
      let run = try Tool.run([command, "camera-abroad.pcapng", "--memory=\(size)"])
      #expect(run.status == 64)
      #expect(run.output == "")
      #expect(run.errors.contains(message), "\(run.errors)")
    }
  }

  @Test func everyCommandThatAnalysesTakesIt() throws {
    for command in [
      ["analyze"], ["flows"], ["devices"], ["timeline"], ["carve"], ["diff"], ["evaluate"],
      ["explain", "finding"],
    ] {
      let run = try Tool.run(command + ["--help"])
      #expect(run.output.contains("--memory <size>"), "\(command)")
    }
  }
}
