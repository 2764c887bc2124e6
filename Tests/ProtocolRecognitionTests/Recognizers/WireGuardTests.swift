// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct WireGuardTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .wireguard, datagrams: true, port: 51_820,
      [(.fromOriginator, [1, 0, 0, 0] + [UInt8](repeating: 4, count: 144))])
  ]

  @Test func lengthsOfTheHandshake() {
    for (type, length, isExpected) in [
      (1, 148, true), (1, 147, false), (2, 92, true), (9, 148, false),
    ] {
      var traffic = Traffic()
      traffic.send([UInt8(type), 0, 0, 0] + [UInt8](repeating: 4, count: length - 4))
      #expect((traffic.finish().flows.first?.service == .wireguard) == isExpected)
    }
  }
}
