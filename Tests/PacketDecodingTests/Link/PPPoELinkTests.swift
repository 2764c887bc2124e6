// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct PPPoELinkTests {
  @Test func startsWithTheSessionHeader() {
    #expect(decode(Packet.pppoe(mediaPacket).bytes, linkType: 51).text == mediaText)
  }
}
