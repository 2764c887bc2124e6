// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct DHCPTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .dhcp, datagrams: true, port: 67,
      [
        (
          .fromOriginator,
          dhcp(
            false,
            [53, 1, 3, 50, 4, 192, 168, 1, 64, 12, 3] + ascii("cam") + [60, 2] + ascii("AX"))
        ),
        (.fromResponder, dhcp(true, [53, 1, 5], yours: [192, 168, 1, 64])),
      ])
  ]

  @Test func leasesAndHostNames() {
    let leases = recognise(.dhcp).leases
    #expect(leases.map(\.hostName) == ["cam", ""])
    #expect(leases.map(\.address) == [IPAddress("192.168.1.64"), IPAddress("192.168.1.64")])
    #expect(leases.allSatisfy { $0.hardwareAddress?.description == "44:19:b6:01:02:03" })
    #expect(leases[0].vendorClass == "AX")
  }
}
