// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct ReolinkTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .reolink, datagrams: false, port: 9_000,
      [
        (
          .fromResponder,
          [0xF0, 0xDE, 0xBC, 0x0A] + littleEndian(3 as UInt32) + littleEndian(400 as UInt32)
            + [0, 0, 0, 0, 0, 0] + [0x14, 0x66] + [UInt8](repeating: 0x33, count: 40)
            + [0, 0, 0, 1, 0x67] + [UInt8](repeating: 2, count: 355)
        )
      ])
  ]

  @Test func videoReachesTheInspector() {
    var traffic = Traffic()
    Self.samples[0].send(into: &traffic, size: 50)
    let result = traffic.finish()
    #expect(traffic.log.units.first?.unit.framing == .annexB)
    #expect(result.marks.first?.vendor == "reolink")
    #expect(result.streams.first?.vendorProtocol == "reolink")
  }
}
