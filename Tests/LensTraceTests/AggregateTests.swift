// SPDX-License-Identifier: Apache-2.0

import LensTrace
import TestSupport
import Testing

/// Records that hold several packets, 802.11 A-MSDUs, through the whole engine.
@Suite struct AggregateTests {
  private static let recordCount = 30

  private static func subframe(_ packet: [UInt8], isLast: Bool) -> [UInt8] {
    let content: [UInt8] = [0xAA, 0xAA, 3, 0, 0, 0, 8, 0] + packet
    let bytes = Packet.destinationMAC + Packet.sourceMAC + Packet.word(content.count) + content
    return bytes + [UInt8](repeating: 0, count: isLast ? 0 : (4 - bytes.count % 4) % 4)
  }

  /// A record of two packets of different flows each, a second apart.
  private static func capture() -> (bytes: [UInt8], wireBytes: Int) {
    var builder = CaptureBuilder.pcap(linkType: 105)
    var wireBytes = 0
    for index in 0..<recordCount {
      let first = Packet.ipv4(
        from: "10.0.0.1", to: "203.0.113.9",
        Packet.udp(from: 5_004, to: 6_004, Packet.payload(100 + index, seed: index)),
        identification: index)
      let second = Packet.ipv4(
        from: "10.0.0.2", to: "198.51.100.7",
        Packet.udp(from: 5_006, to: 7_000, Packet.payload(333, seed: index)),
        identification: index)
      let frame = Packet.wireless(
        subframe(first.bytes, isLast: false) + subframe(second.bytes, isLast: true),
        control: 0x88, quality: [0x80, 0])
      builder.record(seconds: UInt32(1_000 + index), frame)
      wireBytes += frame.count
    }
    return (builder.bytes, wireBytes)
  }

  private static func wireBytes(_ analysis: Analysis) -> UInt64 {
    analysis.flows.reduce(0) { $0 + $1.originator.wireBytes + $1.responder.wireBytes }
  }

  @Test(arguments: [1, 2]) func eachPacketIsCountedToItsFlowAndEachByteOnce(jobs: Int) throws {
    let folder = try CaptureFolder()
    let capture = Self.capture()
    let path = try folder.write(capture.bytes, as: "a.pcap")
    var configuration = Analyzer.Configuration()
    configuration.jobs = jobs
    let analysis = try Analyzer(configuration).analyze(CaptureSet([path]))
    #expect(analysis.capture.packets == UInt64(Self.recordCount))
    #expect(analysis.capture.wireBytes == UInt64(capture.wireBytes))
    #expect(analysis.flows.map(\.responderPort) == [6_004, 7_000])
    #expect(analysis.flows.map(\.originator.packets) == [30, 30])
    #expect(analysis.flows.map(\.firstPacket.frame) == [1, 1])
    #expect(analysis.flows[1].originator.payloadBytes == UInt64(333 * Self.recordCount))
    #expect(analysis.flows[1].originator.wireBytes == UInt64((14 + 8 + 28 + 333) * 30))
    #expect(Self.wireBytes(analysis) == UInt64(capture.wireBytes))
  }

  @Test func selectingAndCarvingTakeWholeRecords() throws {
    let folder = try CaptureFolder()
    let out = try CaptureFolder()
    let path = try folder.write(Self.capture().bytes, as: "a.pcap")
    var configuration = Analyzer.Configuration()
    configuration.timeRange = TimeRange(from: 1_010_000_000_000, to: 1_020_000_000_000)
    let part = try Analyzer(configuration).analyze(CaptureSet([path]))
    #expect(part.capture.packets == 10)
    #expect(part.flows.map(\.originator.packets) == [10, 10])
    #expect(part.flows.map(\.firstPacket.frame) == [11, 11])
    #expect(Self.wireBytes(part) == part.capture.wireBytes)
    let result = try Carver(configuration, selection: .flow(2)).carve(
      CaptureSet([path]), to: out.path + "/flow.pcapng")
    #expect(result.packets == 10)
    let again = try Analyzer().analyze(CaptureSet([out.path + "/flow.pcapng"]))
    #expect(again.flows.map(\.originator.packets) == [10, 10])
  }
}
