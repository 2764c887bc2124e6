// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct PrismHeaderTests {
  @Test func skipsEitherByteOrderAndAVS() {
    let frame = Packet.wireless(Packet.snap(mediaPacket))
    let rest = [UInt8](repeating: 0, count: 136)
    let little: [UInt8] = [0x44, 0, 0, 0, 144, 0, 0, 0] + rest
    let big: [UInt8] = [0, 0, 0, 0x44, 0, 0, 0, 144] + rest
    #expect(decode(little + frame, linkType: 119).text == mediaText)
    #expect(decode(big + frame, linkType: 119).text == mediaText)
    let avs = Packet.long(0x8021_1001) + Packet.long(64) + [UInt8](repeating: 0, count: 56)
    #expect(decode(avs + frame, linkType: 119).text == mediaText)
  }
}
