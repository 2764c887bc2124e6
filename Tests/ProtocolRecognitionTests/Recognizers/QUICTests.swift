// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct QUICTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .quic, datagrams: true, port: 443,
      [(.fromOriginator, [0xC3, 0, 0, 0, 1, 8] + [UInt8](repeating: 4, count: 1_194))])
  ]

  @Test func otherVersionsAreNotClaimed() {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 443)
    traffic.send([0xC3, 0x12, 0x34, 0x56, 0x78, 8] + [UInt8](repeating: 4, count: 1_194))
    #expect(traffic.finish().flows.isEmpty)
  }
}
