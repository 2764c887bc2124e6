// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Ports that the capture cut off are unknown, not 0, in every format.
struct UnknownPortsTests {
  /// A TCP conversation cut behind its IP headers, and a datagram from port 0 to port 0.
  private static func capture() -> Data {
    var file = CaptureBuilder.pcap()
    let request = Packet.ethernet(
      Packet.ipv4(
        from: "203.0.113.9", to: "192.168.1.10", Packet.tcp(from: 40_000, to: 80, [1, 2, 3])))
    let answer = Packet.ethernet(
      Packet.ipv4(
        from: "192.168.1.10", to: "203.0.113.9", Packet.tcp(from: 80, to: 40_000, [4, 5, 6])))
    for frame in [request, answer] {
      file.record(
        seconds: 1_795_264_887, Array(frame[..<34]), originalLength: UInt32(frame.count))
    }
    file.record(
      seconds: 1_795_264_888,
      Packet.ethernet(
        Packet.ipv4(from: "192.168.1.10", to: "192.168.1.11", Packet.udp(from: 0, to: 0, [1]))))
    return Data(file.bytes)
  }

  @Test func theyAreLeftOut() throws {
    try Tool.withFolder { folder in
      try Self.capture().write(to: folder.appending(path: "cut.pcap"))
      func run(_ arguments: [String]) throws -> String {
        let run = try Tool.run(arguments, in: folder)
        #expect(run.status == 0, "\(arguments): \(run.errors)")
        return run.output
      }
      let saved = ["analyze", "cut.pcap", "--output", "case.lenstrace"]
      _ = try run(saved)
      for input in ["cut.pcap", "case.lenstrace"] {
        let rows = try run(["flows", input, "--format", "csv"]).split(separator: "\n")
          .dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(
          rows.map { $0[1...5].joined(separator: " ") } == [
            "tcp 203.0.113.9  192.168.1.10 ", "udp 192.168.1.10 0 192.168.1.11 0",
          ])
        #expect(rows[0].filter { $0.hasPrefix("1:") }.isEmpty)
        #expect(rows[1].filter { $0.hasPrefix("1:") }.count == 1)
        let flows = try JSONSerialization.jsonObject(
          with: Data(run(["flows", input, "--format", "json"]).utf8))
        let first = try #require((flows as? [[String: Any]])?.first)
        #expect(first["originator_port"] is NSNull)
        #expect(first["responder_port"] is NSNull)
        #expect(first["community_id"] is NSNull)
        let text = try run(["flows", input])
        #expect(text.contains("203.0.113.9 > 192.168.1.10\n"))
        #expect(text.contains("192.168.1.10:0 > 192.168.1.11:0"))
        let analysis = try run(["analyze", input, "--format", "json", "--include", "flows"])
        #expect(!analysis.contains("port 0"))
      }
    }
  }
}
