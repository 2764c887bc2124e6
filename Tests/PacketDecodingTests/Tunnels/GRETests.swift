// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct GRETests {
  private func text(_ header: [UInt8], _ content: [UInt8]) -> String {
    let gre = Packet.Layer(header + content, ipProtocol: 47)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", gre))).text
  }

  @Test func everyOptionalFieldIsSkipped() {
    #expect(text([0, 0, 8, 0], mediaPacket.bytes) == mediaText)
    #expect(text([0x80, 0, 8, 0, 1, 2, 0, 0], mediaPacket.bytes) == mediaText)
    #expect(text([0x20, 0, 8, 0, 0, 0, 0, 1], mediaPacket.bytes) == mediaText)
    #expect(text([0x10, 0, 8, 0, 0, 0, 0, 1], mediaPacket.bytes) == mediaText)
    let all: [UInt8] = [0xB0, 0, 8, 0] + [UInt8](repeating: 1, count: 12)
    #expect(text(all, mediaPacket.bytes) == mediaText)
    let routed: [UInt8] = [0x40, 0, 8, 0, 0, 0, 0, 0, 0, 2, 0, 4, 1, 2, 3, 4, 0, 0, 0, 0]
    #expect(text(routed, mediaPacket.bytes) == mediaText)
  }

  @Test func carriesEthernetAndIPv6() {
    #expect(text([0x20, 0, 0x65, 0x58, 0, 0, 1, 0], Packet.ethernet(mediaPacket)) == mediaText)
    #expect(text([0, 0, 0x86, 0xDD], mediaPacketV6.bytes) == mediaTextV6)
  }

  @Test func versionOneCarriesPPP() {
    let content = [0xFF, 3] + Packet.ppp(mediaPacket)
    let length = Packet.word(content.count)
    let plain: [UInt8] = [0x30, 1, 0x88, 0x0B] + length + [0, 9, 0, 0, 0, 1]
    #expect(text(plain, content) == mediaText)
    let acknowledged: [UInt8] =
      [0x30, 0x81, 0x88, 0x0B] + length + [0, 9, 0, 0, 0, 1, 0, 0, 0, 0]
    #expect(text(acknowledged, content) == mediaText)
  }

  @Test func unknownContentIsTheOuterFlow() {
    #expect(text([0, 0, 0x12, 0x34], [1, 2, 3]) == "10.9.0.1:0 > 10.9.0.2:0 47 7")
  }
}
