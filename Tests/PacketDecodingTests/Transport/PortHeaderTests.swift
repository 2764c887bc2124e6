// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct PortHeaderTests {
  @Test func portsAndPayload() {
    let sctp = decode(Packet.ethernet(Packet.ipv4(Packet.sctp(from: 7, to: 8, [1, 2, 3, 4]))))
    #expect(sctp.text == "10.0.0.1:7 > 10.0.0.2:8 132 4")
    let lite = Packet.udp(from: 7, to: 8, Packet.payload(30), length: 8, number: 136)
    #expect(decode(Packet.ethernet(Packet.ipv4(lite))).text == "10.0.0.1:7 > 10.0.0.2:8 136 30")
    let dccp = Packet.Layer(Packet.word(7) + Packet.word(8) + Packet.payload(12), ipProtocol: 33)
    #expect(decode(Packet.ethernet(Packet.ipv4(dccp))).text == "10.0.0.1:7 > 10.0.0.2:8 33 4")
  }

  @Test func cutDatagramKeepsItsPorts() {
    let frame = Packet.ethernet(mediaPacket)
    let packet = decode(Array(frame[..<39]), originalLength: frame.count)
    #expect(packet.text == mediaText)
    #expect(!packet.flags.contains(.hasTransportHeader))
  }
}
