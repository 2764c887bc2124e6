// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct DahuaTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .dahua, datagrams: false, port: 37_777,
      [
        (
          .fromResponder,
          [0xBC, 0, 0, 0] + littleEndian(100 as UInt32) + [UInt8](repeating: 0, count: 24)
            + ascii("DHAV") + [0xFD] + [UInt8](repeating: 1, count: 95)
        )
      ])
  ]

  @Test func mediaReachesTheInspector() {
    var traffic = Traffic()
    Self.samples[0].send(into: &traffic, size: 50)
    let result = traffic.finish()
    #expect(traffic.log.units.first?.unit.framing == .dhav)
    #expect(result.marks.first?.vendor == "dahua")
  }
}
