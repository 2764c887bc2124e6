// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct NBNSTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .nbns, datagrams: true, port: 137,
      [
        (
          .fromOriginator,
          [0, 1, 0x29, 0x10, 0, 1, 0, 0, 0, 0, 0, 1, 32] + ascii("EDEBENCACACACACACACACACACACACACA")
            + [0, 0, 0x20, 0, 1, 0xC0, 12, 0, 0x20, 0, 1, 0, 0, 1, 0, 0, 6, 0, 0, 192, 168, 1, 64]
        )
      ])
  ]

  @Test func netBIOSRegistration() {
    let result = recognise(.nbns)
    #expect(result.names.map { result.texts[$0.name] } == ["CAM"])
    #expect(result.names.first?.address == IPAddress("192.168.1.64"))
  }
}
