// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct PPPoEHeaderTests {
  @Test func carriesPPP() {
    #expect(decode(Packet.ethernet(Packet.pppoe(mediaPacket))).text == mediaText)
    #expect(decode(Packet.ethernet(Packet.pppoe(mediaPacketV6))).text == mediaTextV6)
  }

  @Test func discoveryIsNoPacket() {
    let frame = Packet.ethernet(
      Packet.Layer([0x11, 9, 0, 0, 0, 4, 1, 1, 0, 0], etherType: 0x8863))
    #expect(decode(frame).text == "none")
  }
}
