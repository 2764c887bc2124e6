// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct PacketTapTests {
  @Test(arguments: [258, 149] as [UInt32])
  func namesTheLinkTypeOfTheFrame(linkType: UInt32) {
    func header(_ inner: UInt8) -> [UInt8] {
      [108, 0, 0, 0, 1, 0, 0, 0, inner, 0, 0, 0] + [UInt8](repeating: 0, count: 96)
    }
    let ethernet = header(1) + Packet.ethernet(mediaPacket)
    #expect(decode(ethernet, linkType: linkType).text == mediaText)
    #expect(decode(header(12) + mediaPacket.bytes, linkType: linkType).text == mediaText)
    #expect(decode(header(149) + mediaPacket.bytes, linkType: linkType).text == "none")
  }
}
