// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct GREInUDPTests {
  private func packet(_ content: [UInt8], port: Int = 4754) -> DecodedPacket {
    let udp = Packet.udp(from: 50000, to: port, content)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", udp)))
  }

  @Test func innerPacketMakesTheFlow() {
    #expect(packet(Packet.gre(mediaPacket).bytes).text == mediaText)
    #expect(packet(Packet.gre(mediaPacket).bytes).tunnelName == "GRE-in-UDP")
  }
}
