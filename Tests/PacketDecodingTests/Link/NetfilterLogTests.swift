// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct NetfilterLogTests {
  @Test func findsThePayload() {
    let prefix: [UInt8] = [5, 0, 10, 0, 0, 0, 0, 0]
    let length = mediaPacket.bytes.count + 4
    let payload = [UInt8(length & 0xFF), UInt8(length >> 8), 9, 0] + mediaPacket.bytes
    #expect(decode([2, 0, 0, 0] + prefix + payload, linkType: 239).text == mediaText)
    let swapped: [UInt8] = [0, 5, 0, 10, 0, 0, 0, 0]
    let big = Packet.word(length) + [0, 9] + mediaPacket.bytes
    #expect(decode([2, 0, 0, 0] + swapped + big, linkType: 239).text == mediaText)
  }
}
