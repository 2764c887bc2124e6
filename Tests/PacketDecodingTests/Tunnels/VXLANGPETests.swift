// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct VXLANGPETests {
  private func packet(_ content: [UInt8], port: Int = 4790) -> DecodedPacket {
    let udp = Packet.udp(from: 50000, to: port, content)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", udp)))
  }

  @Test func nextProtocolTellsWhatFollows() {
    #expect(packet([0x0C, 0, 0, 1, 0, 0, 1, 0] + mediaPacket.bytes).text == mediaText)
    #expect(packet([0x0C, 0, 0, 2, 0, 0, 1, 0] + mediaPacketV6.bytes).text == mediaTextV6)
    #expect(packet([0x0C, 0, 0, 3, 0, 0, 1, 0] + Packet.ethernet(mediaPacket)).text == mediaText)
    #expect(packet([0x0D, 0, 0, 1, 0, 0, 1, 0] + mediaPacket.bytes).protocolNumber == 17)
    #expect(packet([0x0D, 0, 0, 1, 0, 0, 1, 0] + mediaPacket.bytes).text != mediaText)
  }
}
