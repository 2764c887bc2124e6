// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct TZSPTests {
  private func packet(_ content: [UInt8], port: Int = 37008) -> DecodedPacket {
    let udp = Packet.udp(from: 50000, to: port, content)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", udp)))
  }

  @Test func tagsAreSkipped() {
    let frame = Packet.ethernet(mediaPacket)
    #expect(packet([1, 0, 0, 1, 1] + frame).text == mediaText)
    #expect(packet([1, 0, 0, 1, 0, 10, 1, 200, 1] + frame).text == mediaText)
    let wireless = Packet.wireless(Packet.snap(mediaPacket))
    #expect(packet([1, 0, 0, 18, 1] + wireless).text == mediaText)
    #expect(packet([1, 4, 0, 1, 1] + frame).tunnelName == nil)
  }
}
