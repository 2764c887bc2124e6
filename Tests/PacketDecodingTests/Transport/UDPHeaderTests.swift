// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct UDPHeaderTests {
  private func packet(_ length: Int?) -> DecodedPacket {
    let datagram = Packet.udp(from: 1, to: 2, Packet.payload(20), length: length)
    return decode(Packet.ethernet(Packet.ipv4(datagram)))
  }

  @Test func lengthEndsThePayload() {
    #expect(packet(nil).payloadLength == 20)
    #expect(packet(18).payloadLength == 10)
    #expect(packet(18).payloadCapturedLength == 10)
  }

  @Test func lengthZeroIsTheRest() {
    #expect(packet(0).payloadLength == 20)
    #expect(!packet(0).flags.contains(.isMalformed))
  }

  @Test func lengthAboveThePacketIsStatedAndMalformed() {
    #expect(packet(108).payloadLength == 100)
    #expect(packet(108).payloadCapturedLength == 20)
    #expect(packet(108).flags.contains(.isMalformed))
    #expect(packet(5).flags.contains(.isMalformed))
  }
}
