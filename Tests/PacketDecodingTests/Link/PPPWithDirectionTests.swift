// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct PPPWithDirectionTests {
  @Test func skipsTheDirection() {
    let frame = Packet.ppp(mediaPacket)
    #expect(decode([0] + frame, linkType: 204).text == mediaText)
    #expect(decode([1, 0xFF, 3] + frame, linkType: 204).text == mediaText)
    #expect(decode([1, 3] + frame, linkType: 166).text == mediaText)
  }
}
