// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct CAPWAPTests {
  private static func packet(_ message: [UInt8]) -> DecodedPacket {
    let udp = Packet.udp(from: 50_000, to: 5247, message)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", udp)))
  }

  /// A header of `words` words; T is 0x100, F 0x80, M 0x10, K 0x08.
  private static func header(words: Int, flags: Int) -> [UInt8] {
    Packet.long(words << 19 | 1 << 14 | 1 << 9 | flags)
      + [UInt8](repeating: 0, count: words * 4 - 4)
  }

  @Test func ethernetAndWirelessFramesAreUnwrapped() {
    let ethernet = Self.packet(Self.header(words: 2, flags: 0) + Packet.ethernet(mediaPacket))
    #expect(ethernet.text == mediaText)
    #expect(ethernet.tunnelName == "CAPWAP")
    let wireless = Packet.wireless(Packet.snap(mediaPacket), flags: 1)
    #expect(Self.packet(Self.header(words: 4, flags: 0x110) + wireless).text == mediaText)
  }

  @Test func exchangedControlBytesAreTurned() {
    var frame = Packet.wireless(Packet.snap(mediaPacket), flags: 1)
    frame.swapAt(0, 1)
    let packet = Self.packet(Self.header(words: 2, flags: 0x100) + frame)
    #expect(packet.text == mediaText)
    #expect(packet.macOffset == DecodedPacket.noMAC)
  }

  @Test func protectedFramesAreCountedToTheTunnel() {
    let frame = Packet.wireless(Packet.payload(50), flags: 0x41)
    // The tunnel's own packet belongs to a flow, which the frame is counted to.
    #expect(
      Self.packet(Self.header(words: 2, flags: 0x100) + frame).text
        == "10.9.0.1:50000 > 10.9.0.2:5247 17 \(8 + frame.count)")
  }

  @Test func cipheredFragmentedAndKeepAliveMessagesStayOutside() {
    let frame = Packet.ethernet(mediaPacket)
    #expect(Self.packet([1, 0, 0, 0] + Packet.payload(90)).tunnelName == nil)
    #expect(Self.packet(Self.header(words: 2, flags: 0x80) + frame).tunnelName == nil)
    #expect(Self.packet(Self.header(words: 2, flags: 0x08) + frame).tunnelName == nil)
    #expect(Self.packet(Self.header(words: 31, flags: 0)).tunnelName == nil)
  }
}
