// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct OpenBSDLoopbackTests {
  @Test func carriesIP() {
    #expect(decode([0, 0, 0, 2] + mediaPacket.bytes, linkType: 108).text == mediaText)
    #expect(decode([0, 0, 0, 24] + mediaPacketV6.bytes, linkType: 108).text == mediaTextV6)
  }
}
