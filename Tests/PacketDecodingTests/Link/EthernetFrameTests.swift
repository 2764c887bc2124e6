// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct EthernetFrameTests {
  @Test func carriesBothVersionsOfIP() {
    #expect(decode(Packet.ethernet(mediaPacket)).text == mediaText)
    #expect(decode(Packet.ethernet(mediaPacketV6)).text == mediaTextV6)
  }

  @Test func paddingIsNeverPayload() {
    let frame = Packet.ethernet(Packet.ipv4(Packet.udp(from: 1, to: 2, [7])), padding: 17)
    let packet = decode(frame)
    #expect(packet.payloadLength == 1)
    #expect(packet.payloadCapturedLength == 1)
    #expect(packet.originalLength == UInt32(frame.count))
  }

  @Test func lengthsLeadToLLC() {
    #expect(decode(Packet.ethernet8023(mediaPacket, padding: 4)).text == mediaText)
  }

  @Test func givesMACAddresses() throws {
    let batch = PacketDecoder().decode(recordBatch([Packet.ethernet(mediaPacket)]))
    let addresses = try #require(batch.macAddresses(0))
    #expect(addresses.source.description == "02:00:00:00:00:0a")
    #expect(addresses.destination.description == "02:00:00:00:00:0b")
  }

  @Test func otherTypesBelongToNoFlow() {
    let packet = decode(Packet.ethernet(Packet.Layer([0, 1, 8, 0], etherType: 0x0806)))
    #expect(packet.text == "none")
    #expect(packet.keyHash == 0)
    #expect(packet.macOffset == 0)
  }
}
