// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct LLCTests {
  private func text(_ content: [UInt8]) -> String {
    decode(
      Packet.destinationMAC + Packet.sourceMAC + Packet.word(content.count) + content
    ).text
  }

  @Test func snapAndTheAccessPointOfIP() {
    #expect(text(Packet.snap(mediaPacket)) == mediaText)
    #expect(text([6, 6, 3] + mediaPacket.bytes) == mediaText)
    #expect(text([0xAA, 0xAA, 3, 0, 0, 0xF8, 8, 0] + mediaPacket.bytes) == mediaText)
  }

  @Test func otherAccessPointsAreNoPacket() {
    #expect(text([0x42, 0x42, 3] + Packet.payload(35)) == "none")
    #expect(text([0xAA, 0xAA, 3, 0, 0, 0x0C, 0x20, 0] + mediaPacket.bytes) == "none")
  }
}
