// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct RawMediaTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .mpegps, datagrams: false, port: 15_000,
      [
        (
          .fromOriginator,
          [0, 0, 1, 0xBA, 0x44, 0, 4, 0, 4, 1, 0, 0, 3, 0xF8]
            + [UInt8](repeating: 0xAA, count: 200)
        )
      ])
  ]

  @Test func programStreamReachesTheInspector() {
    var traffic = Traffic()
    Self.samples[0].send(into: &traffic, size: 50)
    _ = traffic.finish()
    #expect(traffic.log.units.first?.unit.framing == .programStream)
  }

  /// `extendedFlv` of UniFi cameras on TCP 7550 begins as any FLV does.
  @Test func flashVideoWithoutHTTP() {
    let body = [UInt8](repeating: 0x17, count: 60)
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 7_550, protocolNumber: 6)
    traffic.send(
      ascii("FLV") + [1, 1, 0, 0, 0, 9, 0, 0, 0, 0] + [9, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0] + body
        + bigEndian(71 as UInt32), isDatagram: false)
    _ = traffic.finish()
    #expect(traffic.log.units.map(\.unit.subtype) == [9])
    #expect(traffic.log.units.first?.bytes == body)
  }
}
