// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct WCCPTests {
  @Test func bothVersionsLeadToIPv4() {
    func text(_ content: [UInt8]) -> String {
      let gre = Packet.Layer([0, 0, 0x88, 0x3E] + content, ipProtocol: 47)
      return decode(Packet.ethernet(Packet.ipv4(gre))).text
    }
    #expect(text(mediaPacket.bytes) == mediaText)
    #expect(text([0, 0, 0, 0] + mediaPacket.bytes) == mediaText)
  }
}
