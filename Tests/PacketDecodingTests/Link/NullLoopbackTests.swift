// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct NullLoopbackTests {
  @Test(arguments: [[2, 0, 0, 0], [0, 0, 0, 2], [0x0F, 0, 8, 0]] as [[UInt8]])
  func carriesIPv4(family: [UInt8]) {
    #expect(decode(family + mediaPacket.bytes, linkType: 0).text == mediaText)
  }

  @Test(arguments: [24, 28, 30, 10] as [UInt8])
  func carriesIPv6InBothByteOrders(family: UInt8) {
    #expect(decode([family, 0, 0, 0] + mediaPacketV6.bytes, linkType: 0).text == mediaTextV6)
    #expect(decode([0, 0, 0, family] + mediaPacketV6.bytes, linkType: 0).text == mediaTextV6)
  }

  @Test func otherFamiliesAreNoPacket() {
    #expect(decode([7, 0, 0, 0] + mediaPacket.bytes, linkType: 0).text == "none")
  }
}
