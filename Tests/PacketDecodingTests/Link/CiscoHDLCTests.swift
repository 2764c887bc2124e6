// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct CiscoHDLCTests {
  @Test func carriesEtherTypesAndPPP() {
    #expect(decode([0x0F, 0, 8, 0] + mediaPacket.bytes, linkType: 104).text == mediaText)
    #expect(decode([0xFF, 3] + Packet.ppp(mediaPacket), linkType: 104).text == mediaText)
  }
}
