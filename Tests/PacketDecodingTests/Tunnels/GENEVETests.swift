// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct GENEVETests {
  private func packet(_ content: [UInt8], port: Int = 6081) -> DecodedPacket {
    let udp = Packet.udp(from: 50000, to: port, content)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", udp)))
  }

  @Test func optionsAreSkipped() {
    let frame = Packet.ethernet(mediaPacket)
    #expect(packet([0, 0, 0x65, 0x58, 0, 0, 1, 0] + frame).text == mediaText)
    let options: [UInt8] = [2, 0, 0x65, 0x58, 0, 0, 1, 0] + [UInt8](repeating: 1, count: 8)
    #expect(packet(options + frame).text == mediaText)
    #expect(packet([0, 0, 8, 0, 0, 0, 1, 0] + mediaPacket.bytes).tunnelName == "Geneve")
    #expect(packet([0x40, 0, 0x65, 0x58, 0, 0, 1, 0] + frame).tunnelName == nil)
  }
}
