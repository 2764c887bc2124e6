// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct ESPTests {
  private func packet(_ content: [UInt8], port: Int = 4500) -> DecodedPacket {
    let udp = Packet.udp(from: 50000, to: port, content)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", udp)))
  }

  @Test func isOpaque() {
    let sealed = Packet.Layer(Packet.long(0x1234_5678) + Packet.payload(60), ipProtocol: 50)
    let plain = decode(Packet.ethernet(Packet.ipv4(sealed)))
    #expect(plain.text == "10.0.0.1:0 > 10.0.0.2:0 50 64")
    #expect(plain.tunnelName == "ESP")
    #expect(plain.flags.contains(.isOpaqueTunnel))
    #expect(!plain.flags.contains(.isTunnelled))
    #expect(packet(sealed.bytes).text == "10.9.0.1:50000 > 10.9.0.2:4500 17 64")
    #expect(packet(sealed.bytes).tunnelName == "ESP")
  }

  @Test func keyExchangeAndKeepAliveAreAnOrdinaryFlow() {
    #expect(packet(Packet.long(0) + Packet.payload(60)).tunnelName == nil)
    #expect(packet([0xFF]).tunnelName == nil)
  }
}
