// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct RawIPTests {
  @Test(arguments: [101, 228, 229, 12, 14] as [UInt32])
  func versionTellsWhatFollows(linkType: UInt32) {
    #expect(decode(mediaPacket.bytes, linkType: linkType).text == mediaText)
    #expect(decode(mediaPacketV6.bytes, linkType: linkType).text == mediaTextV6)
  }

  @Test func otherVersionsAreNoPacket() {
    #expect(decode([0x10] + mediaPacket.bytes, linkType: 101).text == "none")
  }
}
