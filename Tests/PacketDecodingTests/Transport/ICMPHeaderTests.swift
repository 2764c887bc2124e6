// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct ICMPHeaderTests {
  @Test func quotedPacketIsNoTraffic() {
    let error = Packet.icmp(type: 3, code: 3, mediaPacket.bytes)
    let packet = decode(Packet.ethernet(Packet.ipv4(error)))
    #expect(packet.text == "10.0.0.1:0 > 10.0.0.2:0 1 \(mediaPacket.bytes.count)")
    let error6 = Packet.icmp(type: 1, mediaPacketV6.bytes, number: 58)
    let packet6 = decode(Packet.ethernet(Packet.ipv6(error6)))
    #expect(packet6.text == "2001:db8::1:0 > 2001:db8::2:0 58 \(mediaPacketV6.bytes.count)")
  }
}
