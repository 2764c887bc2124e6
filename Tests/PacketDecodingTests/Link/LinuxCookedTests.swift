// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct LinuxCookedTests {
  private func cooked(_ content: [UInt8], type: Int, hardware: Int = 1) -> [UInt8] {
    [0, 4] + Packet.word(hardware) + [0, 6, 2, 0, 0, 0, 0, 1, 0, 0] + Packet.word(type) + content
  }

  @Test func carriesIP() {
    #expect(decode(cooked(mediaPacket.bytes, type: 0x0800), linkType: 113).text == mediaText)
    #expect(decode(cooked(mediaPacketV6.bytes, type: 0x86DD), linkType: 113).text == mediaTextV6)
  }

  @Test func carriesVLANAndLLC() {
    let tagged = decode(cooked(Packet.vlan(9, mediaPacket).bytes, type: 0x8100), linkType: 113)
    #expect(tagged.text == mediaText)
    #expect(tagged.vlan == 9)
    #expect(decode(cooked(Packet.snap(mediaPacket), type: 4), linkType: 113).text == mediaText)
  }

  /// The device of a GRE tunnel: its protocol type stands in the cooked header, what follows is
  /// the packet inside.
  @Test func carriesWhatIsInsideGRE() {
    let frame = cooked(mediaPacket.bytes, type: 0x0800, hardware: 778)
    #expect(decode(frame, linkType: 113).text == mediaText)
  }

  @Test func netlinkIsNoPacket() {
    let frame = cooked(mediaPacket.bytes, type: 0x0800, hardware: 824)
    #expect(decode(frame, linkType: 113).text == "none")
  }
}
