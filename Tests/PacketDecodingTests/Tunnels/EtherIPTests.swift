// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct EtherIPTests {
  @Test func innerFrameMakesTheFlow() {
    let layer = Packet.Layer([0x30, 0] + Packet.ethernet(mediaPacket), ipProtocol: 97)
    let packet = decode(Packet.ethernet(Packet.ipv4(layer)))
    #expect(packet.text == mediaText)
    #expect(packet.tunnelName == "EtherIP")
  }
}
