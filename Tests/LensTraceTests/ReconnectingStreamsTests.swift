// SPDX-License-Identifier: Apache-2.0

import Exfiltration
import LensTrace
import PacketDecoding
import TestSupport
import Testing

/// A camera and a recorder that connect anew again and again: all of their flows are in one shard.
@Suite struct ReconnectingStreamsTests {
  /// H.264 at 1920x1080 with 25 frames/s: parameter sets, then a picture a packet, each stream from
  /// a port of its own, two seconds after the one before.
  private static func capture(streams: Int) -> [UInt8] {
    var builder = CaptureBuilder.pcap()
    let sets = [
      Packet.hex("6742c028da01e0089f97011000000300100000030320f1832a"), Packet.hex("68ce0fc8"),
    ]
    for stream in 0..<streams {
      for number in 0..<14 {
        let timestamp = max(0, number - 2) * 3_600
        let unit =
          number < sets.count
          ? sets[number]
          : [number == 2 ? 0x65 : 0x41, 0x88] + Packet.payload(30, seed: stream + number)
        let header: [UInt8] =
          [0x80, number < 2 ? 96 : 0xE0] + Packet.word(number) + Packet.long(timestamp)
          + Packet.long(0x5EED_0000 + stream)
        let micro = max(0, number - 2) * 40_000
        builder.record(
          seconds: UInt32(1_000 + stream * 2), fraction: UInt32(micro),
          Packet.ethernet(
            Packet.ipv4(
              from: "192.168.1.64", to: "192.168.1.10",
              Packet.udp(from: 10_000 + stream * 2, to: 20_000, header + unit))))
      }
    }
    return builder.bytes
  }

  private static func analysis(
    streams: Int, memory: MemoryLimits = .standard
  ) throws -> Analysis {
    let folder = try CaptureFolder()
    let file = try folder.write(capture(streams: streams), as: "a.pcap")
    var configuration = Analyzer.Configuration()
    configuration.memory = memory
    return try Analyzer(configuration).analyze(try CaptureSet([file]))
  }

  @Test func theEvidenceOfAllIsKept() throws {
    let analysis = try Self.analysis(streams: 1_000)
    #expect(analysis.mediaStreams.count == 1_000)
    #expect(Set(analysis.mediaStreams.map(\.sourcePort)).count == 1_000)
    // Fourteen packets are too few for more than `possible`, whatever their pictures are.
    #expect(
      analysis.mediaStreams.allSatisfy {
        $0.codec == "h264" && $0.width == 1920 && $0.height == 1080 && $0.packets == 14
          && $0.verdict == .possible && !$0.reasons.isEmpty
      })
    #expect(!analysis.limitations.contains { $0.id.hasPrefix("bound_") })
  }

  /// The bound is one of the memory, and what it leaves out is said.
  @Test func whatTheBoundLeavesOutIsSaid() throws {
    let memory = try #require(MemoryLimits(byteCount: MemoryLimits.leastByteCount))
    let analysis = try Self.analysis(streams: 400, memory: memory)
    // 65,536 streams of 3 GiB, over 64 shards.
    #expect(analysis.mediaStreams.count == 43)
    let met = try #require(analysis.limitations.first { $0.id == "bound_media_streams" })
    #expect(try #require(met.count) > 0)
    #expect(met.text.contains("--memory than 128 MiB"))
  }
}
