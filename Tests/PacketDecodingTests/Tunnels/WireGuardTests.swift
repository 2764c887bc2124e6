// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct WireGuardTests {
  private func packet(_ content: [UInt8], port: Int = 51_820) -> DecodedPacket {
    let udp = Packet.udp(from: 50000, to: port, content)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", udp)))
  }

  @Test(arguments: [(1, 148), (2, 92), (3, 64), (4, 32), (4, 1312)] as [(UInt8, Int)])
  func isOpaque(type: UInt8, count: Int) {
    let message = packet([type, 0, 0, 0] + Packet.payload(count - 4))
    #expect(message.text == "10.9.0.1:50000 > 10.9.0.2:51820 17 \(count)")
    #expect(message.tunnelName == "WireGuard")
    #expect(message.flags.contains(.isOpaqueTunnel))
  }

  @Test func otherSizesAreAnOrdinaryFlow() {
    #expect(packet([1, 0, 0, 0] + Packet.payload(143)).tunnelName == nil)
    #expect(packet([4, 0, 0, 1] + Packet.payload(28)).tunnelName == nil)
  }
}
