// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct TeredoTests {
  private func packet(_ content: [UInt8], port: Int = 3544) -> DecodedPacket {
    let udp = Packet.udp(from: 50000, to: port, content)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", udp)))
  }

  @Test func authenticationAndOriginAreSkipped() {
    let authentication: [UInt8] = [0, 1, 0, 0] + [UInt8](repeating: 0, count: 9)
    let origin: [UInt8] = [0, 0, 1, 2, 3, 4, 5, 6]
    #expect(packet(mediaPacketV6.bytes).text == mediaTextV6)
    #expect(packet(origin + mediaPacketV6.bytes).text == mediaTextV6)
    #expect(packet(authentication + origin + mediaPacketV6.bytes).text == mediaTextV6)
    #expect(packet(mediaPacketV6.bytes).tunnelName == "Teredo")
  }

  @Test func lengthMustFit() {
    #expect(packet(mediaPacketV6.bytes + Packet.payload(100)).tunnelName == nil)
    #expect(packet(Array(mediaPacketV6.bytes.dropLast())).tunnelName == nil)
  }
}
