// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct IPInIPTests {
  @Test func innerPacketMakesTheFlow() {
    let packet = decode(
      Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", mediaPacket)))
    #expect(packet.text == mediaText)
    #expect(packet.tunnelName == "IP-in-IP")
    #expect(packet.flags.contains(.isTunnelled))
    let over6 = decode(Packet.ethernet(Packet.ipv6(mediaPacket)))
    #expect(over6.text == mediaText)
  }

  @Test func lengthsThatDoNotFitAreNoTunnel() {
    let wrong = Packet.ipv4(media, totalLength: 2000)
    let packet = decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", wrong)))
    #expect(packet.text == "10.9.0.1:0 > 10.9.0.2:0 4 \(wrong.bytes.count)")
    #expect(packet.tunnelName == nil)
  }

  @Test func depthIsBounded() {
    var packet = mediaPacket
    for level in 1...12 {
      packet = Packet.ipv4(from: "10.\(level).0.1", to: "10.\(level).0.2", packet)
    }
    // Twelve around the packet: eight are unwrapped, the fourth from the inside is the flow.
    #expect(decode(Packet.ethernet(packet)).text.hasPrefix("10.4.0.1:0 > 10.4.0.2:0 4 "))
  }
}
