// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct VXLANTests {
  private func packet(_ content: [UInt8], port: Int = 4789) -> DecodedPacket {
    let udp = Packet.udp(from: 50000, to: port, content)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", udp)))
  }

  @Test func innerFrameMakesTheFlow() {
    let inner = packet(Packet.vxlan(Packet.ethernet(mediaPacket)))
    #expect(inner.text == mediaText)
    #expect(inner.tunnelName == "VXLAN")
    #expect(inner.macOffset == 14 + 20 + 8 + 8)
    #expect(packet(Packet.vxlan(Packet.ethernet(mediaPacket)), port: 8472).text == mediaText)
    #expect(packet([0x88] + Packet.vxlan(Packet.ethernet(mediaPacket))[1...]).text == mediaText)
  }

  @Test func innerTagIsTheVLAN() {
    #expect(packet(Packet.vxlan(Packet.ethernet(Packet.vlan(7, mediaPacket)))).vlan == 7)
  }

  @Test func otherBytesOnThePortAreAnOrdinaryFlow() {
    let other = packet(Packet.payload(60))
    #expect(other.text == "10.9.0.1:50000 > 10.9.0.2:4789 17 60")
    #expect(!other.flags.contains(.isTunnelled))
    // A frame that is not IP leaves the flow that carried it.
    let neighbour = Packet.ethernet(Packet.Layer(Packet.payload(28), etherType: 0x0806))
    #expect(packet(Packet.vxlan(neighbour)).text == "10.9.0.1:50000 > 10.9.0.2:4789 17 50")
    // Nor does it leave its link layer in it.
    let tagged = Packet.vlan(9, Packet.Layer(Packet.payload(28), etherType: 0x0806))
    #expect(packet(Packet.vxlan(Packet.ethernet(tagged))).macOffset == 0)
    #expect(packet(Packet.vxlan(Packet.ethernet(tagged))).vlan == DecodedPacket.noVLAN)
  }
}
