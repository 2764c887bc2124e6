// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct L2TPTests {
  private func packet(_ content: [UInt8], port: Int = 1701) -> DecodedPacket {
    let udp = Packet.udp(from: 50000, to: port, content)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", udp)))
  }

  @Test func optionalFieldsAreSkipped() {
    let content = [0xFF, 3] + Packet.ppp(mediaPacket)
    #expect(packet([0, 2, 0, 1, 0, 2] + content).text == mediaText)
    let length = Packet.word(12 + content.count)
    #expect(packet([0x48, 2] + length + [0, 1, 0, 2, 0, 3, 0, 4] + content).text == mediaText)
    #expect(packet([2, 2, 0, 1, 0, 2, 0, 2, 9, 9] + content).text == mediaText)
  }

  @Test func controlMessagesAreAnOrdinaryFlow() {
    #expect(packet([0xC8, 2, 0, 12, 0, 1, 0, 2, 0, 0, 0, 0]).tunnelName == nil)
  }
}
