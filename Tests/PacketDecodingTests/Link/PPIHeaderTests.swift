// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct PPIHeaderTests {
  @Test func namesTheLinkTypeOfTheFrame() {
    let wireless: [UInt8] = [0, 0, 8, 0, 105, 0, 0, 0]
    let frame = Packet.wireless(Packet.snap(mediaPacket))
    #expect(decode(wireless + frame, linkType: 192).text == mediaText)
    let ethernet: [UInt8] = [0, 0, 8, 0, 1, 0, 0, 0]
    #expect(decode(ethernet + Packet.ethernet(mediaPacket), linkType: 192).text == mediaText)
  }

  @Test func checksumIsNoPayload() {
    let field: [UInt8] = [2, 0, 20, 0] + [UInt8](repeating: 0, count: 8) + [1, 0]
    let header: [UInt8] =
      [0, 0, 32, 0, 105, 0, 0, 0] + field + [UInt8](repeating: 0, count: 10)
    let sealed = Packet.wireless([1, 2, 3], flags: 0x41) + [0, 0, 0, 0]
    #expect(decode(header + sealed, linkType: 192).payloadLength == 3)
  }

  @Test func doesNotNameItself() {
    let header: [UInt8] = [0, 0, 8, 0, 192, 0, 0, 0]
    #expect(decode(header + header + mediaPacket.bytes, linkType: 192).text == "none")
  }
}
