// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct GTPUTests {
  private func packet(_ content: [UInt8], port: Int = 2152) -> DecodedPacket {
    let udp = Packet.udp(from: 50000, to: port, content)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", udp)))
  }

  private func header(_ flags: UInt8, _ extra: [UInt8] = [], type: UInt8 = 255) -> [UInt8] {
    let length = extra.count + mediaPacket.bytes.count
    return [flags, type] + Packet.word(length) + [0, 0, 0, 1] + extra
  }

  @Test func optionalFieldsAndExtensionsAreSkipped() {
    #expect(packet(header(0x30) + mediaPacket.bytes).text == mediaText)
    #expect(packet(header(0x32, [0, 1, 0, 0]) + mediaPacket.bytes).text == mediaText)
    let session: [UInt8] = [0, 0, 0, 0x85, 1, 0, 9, 0]
    #expect(packet(header(0x34, session) + mediaPacket.bytes).text == mediaText)
  }

  @Test func otherMessagesAreAnOrdinaryFlow() {
    #expect(packet(header(0x30, type: 1) + mediaPacket.bytes).tunnelName == nil)
    #expect(
      packet(header(0x34, [0, 0, 0, 0x85, 0, 0, 9, 0]) + mediaPacket.bytes).tunnelName == nil)
  }
}
