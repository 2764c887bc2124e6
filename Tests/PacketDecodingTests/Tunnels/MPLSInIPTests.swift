// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct MPLSInIPTests {
  @Test func innerPacketMakesTheFlow() {
    let stack = Packet.mpls([16, 17], mediaPacket.bytes)
    #expect(decode(Packet.ethernet(Packet.ipv4(stack))).text == mediaText)
    let udp = Packet.udp(from: 50000, to: 6635, stack.bytes)
    let packet = decode(Packet.ethernet(Packet.ipv4(udp)))
    #expect(packet.text == mediaText)
    #expect(packet.tunnelName == "MPLS-in-IP")
  }
}
