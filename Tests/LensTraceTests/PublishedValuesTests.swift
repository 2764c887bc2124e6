// SPDX-License-Identifier: Apache-2.0

import Foundation
import LensTrace
import Testing

private let captures = ProcessInfo.processInfo.environment["LENSTRACE_CAPTURES"]

/// Real captures against values that others published for them.
@Suite(.enabled(if: captures != nil, "LENSTRACE_CAPTURES is not set"))
struct PublishedValuesTests {
  private static func analysis(_ name: String) throws -> Analysis {
    try Analyzer().analyze(CaptureSet([(captures ?? "") + "/" + name]))
  }

  // Zeek's test suite: testing/btest/Baseline/core.tunnels.gre/conn.log (trace gre-sample.pcap) and
  // core.tunnels.teredo/conn.log (trace Teredo.pcap), column `history`. Connections that Zeek splits
  // by its attempt and close delays are left out, and the one inside Teredo on another port than 3544.
  @Test(
    "Histories are those of Zeek's baselines",
    arguments: [
      ("gre_erspan/zeek__gre-sample.pcap", "66.59.111.190", 40_264, "ShAdDaFf"),
      ("ip_in_ip/zeek__Teredo.pcap", "192.168.2.16", 1_578, "ShADadR"),
      ("ip_in_ip/zeek__Teredo.pcap", "192.168.2.16", 1_580, "ShADadFf"),
    ] as [(String, String, Int, String)])
  func history(file: String, originator: String, port: Int, expected: String) throws {
    let address = try #require(IPAddress(originator))
    let flows = try Self.analysis(file).flows.filter {
      $0.originatorAddress == address && Int($0.originatorPort) == port && $0.protocolNumber == 6
    }
    // What follows a close is another connection to us, a late reset of it to Zeek.
    #expect(flows.first.map { $0.history.hasPrefix(expected) } == true, "\(flows.map(\.history))")
    #expect((expected.count...expected.count + 1).contains(flows.first?.history.count ?? 0))
  }

  // The same baselines: bytes, packets and IP bytes of the SSH connection in GRE.
  @Test func volumesAreThoseOfZeeksBaseline() throws {
    let address = try #require(IPAddress("66.59.111.190"))
    let flow = try #require(
      try Self.analysis("gre_erspan/zeek__gre-sample.pcap").flows.first {
        $0.originatorAddress == address && $0.originatorPort == 40_264
      })
    #expect(flow.originator.payloadBytes == 952)
    #expect(flow.responder.payloadBytes == 1_671)
    #expect(flow.originator.packets == 12)
    #expect(flow.responder.packets == 10)
    #expect(flow.tunnel == "GRE")
  }

  // Pictures in two fields, the first of them before the parameter sets; ffprobe 5.1 reads 25 frames/s
  // and 3.1 s from the same payload.
  @Test func fieldsAreNotPictures() throws {
    let stream = try #require(
      try Self.analysis("mpegts/rtp2httpd__fec_sample2.pcapng").mediaStreams.first)
    #expect(stream.framesPerSecond.map { abs($0 - 25) < 0.01 } == true)
    #expect(stream.footageSeconds.map { abs($0 - 3.1) < 0.05 } == true)
    #expect(stream.frames == 78)
  }

  // 68 bytes a packet were stored of the Blink camera's traffic; capinfos says what was sent.
  @Test func aCutCaptureGivesWireBytesAsSent() throws {
    let analysis = try Self.analysis("camera_device/iotlabeled__blink-cam-01.pcap")
    let facts = try #require(analysis.inputs.first)
    #expect(facts.packets == 24_022)
    #expect(facts.wireBytes == 21_278_644)
    #expect(facts.capturedBytes < 2_000_000)
    #expect(analysis.capture.wireBytes == 21_278_644)
    let wireBytes = analysis.flows.reduce(0) {
      $0 + $1.originator.wireBytes + $1.responder.wireBytes
    }
    let payload = analysis.flows.reduce(0) {
      $0 + $1.originator.payloadBytes + $1.responder.payloadBytes
    }
    #expect(wireBytes > 21_000_000 && wireBytes <= 21_278_644)
    #expect(payload > 19_000_000)
    #expect(analysis.limitations.contains { $0.id == "snap_length" })
  }
}
