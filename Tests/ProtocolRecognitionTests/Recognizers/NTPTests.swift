// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct NTPTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .ntp, datagrams: true, port: 123,
      [(.fromOriginator, [0x23] + [UInt8](repeating: 0, count: 47))])
  ]

  @Test func versionsAndModes() {
    for first in UInt8.min...UInt8.max {
      var traffic = Traffic()
      traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 123)
      traffic.send([first] + [UInt8](repeating: 0, count: 47))
      let isNTP = (1...4).contains(first >> 3 & 7) && first & 7 != 0
      #expect((traffic.finish().flows.first?.service == .ntp) == isNTP, "\(first)")
    }
  }
}
