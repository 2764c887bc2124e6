// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct MPLSLabelTests {
  private func text(_ content: [UInt8], labels: [Int] = [16]) -> String {
    decode(Packet.ethernet(Packet.mpls(labels, content))).text
  }

  @Test func stacksLeadToIP() {
    #expect(text(mediaPacket.bytes, labels: [16, 17, 18]) == mediaText)
    #expect(text(mediaPacketV6.bytes) == mediaTextV6)
  }

  @Test func pseudoWiresLeadToEthernet() {
    let frame = Packet.ethernet(mediaPacket)
    #expect(text([0, 0, 0, 0] + frame) == mediaText)
    #expect(text(frame) == mediaText)
  }

  @Test func destinationThatLooksLikeAVersion() {
    for first in [0x45, 0x60] as [UInt8] {
      let frame = Packet.ethernet(mediaPacket, to: [first, 1, 2, 3, 4, 5])
      #expect(text(frame) == mediaText)
    }
  }

  @Test func stackWithoutEndIsNoPacket() {
    #expect(text([], labels: []) == "none")
    let endless = [UInt8](repeating: 0, count: 400)
    #expect(decode(Packet.ethernet(Packet.Layer(endless, etherType: 0x8847))).text == "none")
  }
}
