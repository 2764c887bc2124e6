// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct AVSHeaderTests {
  @Test func skipsTheHeader() {
    let frame = Packet.wireless(Packet.snap(mediaPacket))
    let header = Packet.long(0x8021_1002) + Packet.long(64) + [UInt8](repeating: 0, count: 56)
    #expect(decode(header + frame, linkType: 163).text == mediaText)
    #expect(decode([1] + header + frame, linkType: 163).text == "none")
  }
}
