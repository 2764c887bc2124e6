// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct DHCPv6Tests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .dhcpv6, datagrams: true, port: 547,
      [(.fromOriginator, [1, 1, 2, 3, 0, 1, 0, 4, 1, 2, 3, 4])])
  ]

  @Test func optionsMustFit() {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 546, Traffic.viewer, 547)
    traffic.send([1, 1, 2, 3, 0, 1, 0, 5, 1, 2, 3, 4])
    #expect(traffic.finish().flows.isEmpty)
  }
}
