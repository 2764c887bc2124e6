// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct LinuxCookedV2Tests {
  @Test func carriesIP() {
    func cooked(_ content: [UInt8], type: Int) -> [UInt8] {
      Packet.word(type) + [0, 0] + Packet.long(3) + [0, 1, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0] + content
    }
    #expect(decode(cooked(mediaPacket.bytes, type: 0x0800), linkType: 276).text == mediaText)
    #expect(decode(cooked(mediaPacketV6.bytes, type: 0x86DD), linkType: 276).text == mediaTextV6)
  }
}
