// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct VLANTagTests {
  @Test(arguments: [0x8100, 0x88A8, 0x9100] as [UInt16])
  func innermostIdentifierIsKept(type: UInt16) {
    let single = decode(Packet.ethernet(Packet.vlan(5, mediaPacket, type: type)))
    #expect(single.text == mediaText)
    #expect(single.vlan == 5)
    let stack = Packet.vlan(100, Packet.vlan(7, mediaPacket), type: type)
    #expect(decode(Packet.ethernet(stack)).vlan == 7)
  }

  @Test func priorityTagIsNoVLAN() {
    #expect(decode(Packet.ethernet(Packet.vlan(0, mediaPacket))).vlan == DecodedPacket.noVLAN)
  }

  @Test func carriesLLC() {
    let content = Packet.snap(mediaPacket)
    let tag = [0, 5] + Packet.word(content.count) + content
    #expect(decode(Packet.ethernet(Packet.Layer(tag, etherType: 0x8100))).text == mediaText)
  }

  @Test func isPartOfTheKeyOnlyOnRequest() {
    let frames = [
      Packet.ethernet(mediaPacket), Packet.ethernet(Packet.vlan(5, mediaPacket)),
      Packet.ethernet(Packet.vlan(6, mediaPacket)),
    ]
    let plain = frames.map { decode($0) }
    #expect(Set(plain.map(\.keyHash)).count == 1)
    let separate = frames.map { decode($0, decoder: PacketDecoder(includesVLANInKey: true)) }
    #expect(Set(separate.map(\.portsAndProtocol)).count == 3)
    #expect(Set(separate.map(\.keyHash)).count == 3)
    #expect(Set(separate.map(\.shard)).count == 1)
    #expect(Set((plain + separate).map(\.fingerprint)).count == 1)
  }
}
