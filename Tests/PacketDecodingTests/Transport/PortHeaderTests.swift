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

  /// Ports that were not captured are not port 0.
  @Test func whatEndsBeforeThePortsSaysSo() {
    let whole: [Packet.Layer] = [
      Packet.tcp(from: 7, to: 8, [1, 2, 3]), Packet.udp(from: 7, to: 8, [1, 2, 3]),
      Packet.sctp(from: 7, to: 8, [1, 2, 3, 4]), Packet.udp(from: 0, to: 0, [1, 2, 3]),
    ]
    for layer in whole {
      for frame in [Packet.ethernet(Packet.ipv4(layer)), Packet.ethernet(Packet.ipv6(layer))] {
        let start = frame.count - layer.bytes.count
        for captured in start...frame.count {
          let packet = decode(Array(frame[..<captured]), originalLength: frame.count)
          #expect(packet.flags.contains(.lacksPorts) == (captured < start + 4))
        }
      }
    }
    let first = Packet.ipv4Fragments(of: whole[1], size: 8)[0]
    #expect(decode(Array(first[..<36]), originalLength: first.count).flags.contains(.lacksPorts))
    #expect(!decode(first).flags.contains(.lacksPorts))
    let echo = Packet.ethernet(Packet.ipv4(Packet.icmp([1, 2, 3])))
    #expect(!decode(Array(echo[..<34]), originalLength: echo.count).flags.contains(.lacksPorts))
  }
}
