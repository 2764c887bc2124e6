// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct RadiotapTests {
  private let frame = Packet.wireless(Packet.snap(mediaPacket))

  @Test func skipsTheHeader() {
    #expect(decode([0, 0, 8, 0, 0, 0, 0, 0] + frame, linkType: 127).text == mediaText)
  }

  @Test func checksumIsNoPayload() {
    // Time stamp and flags; the flags say that a checksum follows the frame.
    let header: [UInt8] =
      [0, 0, 17, 0, 3, 0, 0, 0] + [UInt8](repeating: 9, count: 8) + [0x10]
    let sealed = Packet.wireless([1, 2, 3], flags: 0x41) + [0, 0, 0, 0]
    #expect(decode(header + sealed, linkType: 127).payloadLength == 3)
    #expect(decode(header + frame + [0, 0, 0, 0], linkType: 127).text == mediaText)
  }

  @Test func paddedHeadersAreFollowed() {
    let header: [UInt8] = [0, 0, 9, 0, 2, 0, 0, 0, 0x20]
    let padded = Packet.wireless(
      [0, 0] + Packet.snap(mediaPacket), control: 0x88, quality: [0, 0])
    #expect(decode(header + padded, linkType: 127).text == mediaText)
  }

  @Test func secondPresenceWordIsSkipped() {
    let header: [UInt8] = [0, 0, 13, 0, 2, 0, 0, 0x80, 0, 0, 0, 0, 0x10]
    #expect(decode(header + frame + [0, 0, 0, 0], linkType: 127).text == mediaText)
  }
}
