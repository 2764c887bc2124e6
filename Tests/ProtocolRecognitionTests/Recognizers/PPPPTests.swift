// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct PPPPTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .pppp, datagrams: true, port: 32_100,
      [
        (
          .fromOriginator,
          [0xF1, 0x10, 0, 20] + ascii("VSTB") + [0, 0, 0, 0] + bigEndian(12_345 as UInt32)
            + ascii("ABCDE") + [0, 0, 0]
        )
      ])
  ]

  @Test func identifierOfTheDevice() {
    #expect(recognise(.pppp).marks.first?.serial == "VSTB-012345-ABCDE")
  }

  @Test func lengthMustBeThatOfTheDatagram() {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 32_100)
    traffic.send([0xF1, 0x10, 0, 21] + [UInt8](repeating: 0x41, count: 20))
    #expect(traffic.finish().flows.isEmpty)
  }

  @Test func bulkDataIsCounted() {
    var traffic = Traffic()
    for number in 0..<20 as Range<UInt8> {
      traffic.send(
        [0xF1, 0xD0, 0x04, 0x04, 0xD1, 1, 0, number] + [UInt8](repeating: number, count: 1_024))
    }
    let stream = traffic.finish().streams.first
    #expect(stream?.vendorProtocol == "pppp")
    #expect(stream?.bytes == 20 * 1_024)
    #expect(traffic.log.units.isEmpty)
  }
}
