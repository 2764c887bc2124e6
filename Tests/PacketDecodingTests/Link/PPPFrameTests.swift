// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct PPPFrameTests {
  @Test(arguments: [9, 50] as [UInt32])
  func readsEveryFraming(linkType: UInt32) {
    let plain = Packet.ppp(mediaPacket)
    #expect(decode(plain, linkType: linkType).text == mediaText)
    #expect(decode([0xFF, 3] + plain, linkType: linkType).text == mediaText)
    // Compressed protocol number.
    #expect(decode(Array(plain[1...]), linkType: linkType).text == mediaText)
    #expect(decode(Packet.ppp(mediaPacketV6), linkType: linkType).text == mediaTextV6)
  }

  @Test func carriesMPLSAndBridgedFrames() {
    let label = Packet.word(0x281) + Packet.mpls([5], mediaPacket.bytes).bytes
    #expect(decode(label, linkType: 9).text == mediaText)
    let bridged = Packet.word(0x31) + [0, 1] + Packet.ethernet(mediaPacket)
    #expect(decode(bridged, linkType: 9).text == mediaText)
  }

  @Test func controlProtocolsAreNoPacket() {
    #expect(decode(Packet.word(0xC021) + mediaPacket.bytes, linkType: 9).text == "none")
  }
}
