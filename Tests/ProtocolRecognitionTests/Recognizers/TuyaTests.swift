// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct TuyaTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .tuya, datagrams: true, port: 6_667,
      [
        (
          .fromOriginator,
          bigEndian(0x55AA as UInt32) + [0, 0, 0, 0] + [0, 0, 0, 0x13] + bigEndian(40 as UInt32)
            + ascii("{\"gwId\":\"bf12\"}") + [UInt8](repeating: 0, count: 20)
        )
      ])
  ]

  /// Many plugs and lamps speak it: weak, and never a camera.
  @Test func identifierIsAWeakMark() {
    let mark = recognise(.tuya).marks.first
    #expect(mark?.serial == "bf12")
    #expect(mark?.confidence == .weak)
    #expect(mark?.role == "")
  }
}
