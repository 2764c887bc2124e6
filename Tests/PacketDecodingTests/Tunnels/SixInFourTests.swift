// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct SixInFourTests {
  @Test func innerPacketMakesTheFlow() {
    let packet = decode(
      Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", mediaPacketV6)))
    #expect(packet.text == mediaTextV6)
    #expect(packet.tunnelName == "6in4")
  }
}
