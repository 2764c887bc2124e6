// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct IPv6HeaderTests {
  @Test func fields() {
    let packet = decode(
      Packet.ethernet(Packet.ipv6(media, flowLabel: 0xB80_0001, hopLimit: 9)))
    #expect(packet.timeToLive == 9)
    #expect(packet.trafficClass == 0xB8)
  }

  @Test func payloadLengthZeroIsTheWholeFrame() {
    let segment = Packet.tcp(from: 1, to: 2, Packet.payload(3000))
    let packet = decode(Packet.ethernet(Packet.ipv6(segment, payloadLength: 0)))
    #expect(packet.text == "2001:db8::1:1 > 2001:db8::2:2 6 3000")
  }

  @Test func noNextHeaderWithPadding() {
    let frame = Packet.ethernet(Packet.ipv6(Packet.Layer([], ipProtocol: 59)), padding: 6)
    #expect(decode(frame).text == "2001:db8::1:0 > 2001:db8::2:0 59 0")
  }
}
