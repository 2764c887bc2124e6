// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct ReolinkDatagramsTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .reolink, datagrams: true, port: 2_018,
      [(.fromOriginator, [0x3A, 0xCF, 0x87, 0x2A] + [UInt8](repeating: 1, count: 20))])
  ]

  @Test func discoveryNeedsItsHeader() {
    var traffic = Traffic()
    traffic.send([0x3A, 0xCF, 0x87, 0x2A, 1])
    #expect(traffic.finish().flows.isEmpty)
  }
}
