// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct L2TPv3Tests {
  private static let frame = Packet.ethernet(mediaPacket)
  private static let session = [UInt8](arrayLiteral: 0, 0, 0x12, 0x34)

  private static func overIP(_ message: [UInt8]) -> DecodedPacket {
    decode(
      Packet.ethernet(
        Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", Packet.Layer(message, ipProtocol: 115))))
  }

  private static func overUDP(_ message: [UInt8]) -> DecodedPacket {
    let udp = Packet.udp(from: 50_000, to: 1701, message)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", udp)))
  }

  /// No cookie and no sublayer, either, both.
  @Test(arguments: [0, 4, 8, 12])
  func cookieAndSublayerAreSkippedWhateverTheirLength(length: Int) {
    let optional = [UInt8](repeating: 0xC7, count: length)
    let direct = Self.overIP(Self.session + optional + Self.frame)
    #expect(direct.text == mediaText)
    #expect(direct.tunnelName == "L2TPv3")
    #expect(Self.overUDP([0, 3, 0, 0] + Self.session + optional + Self.frame).text == mediaText)
  }

  @Test func framesWithTagsAndOfIPv6() {
    let tagged = Packet.ethernet(Packet.vlan(7, mediaPacketV6))
    let packet = Self.overIP(Self.session + tagged)
    #expect(packet.text == mediaTextV6)
    #expect(packet.vlan == 7)
  }

  @Test func controlMessagesAndOtherFramesStayOutside() {
    #expect(
      Self.overIP([0, 0, 0, 0] + Self.frame).text
        == "10.9.0.1:0 > 10.9.0.2:0 115 \(4 + Self.frame.count)")
    let noise = Packet.payload(200)
    #expect(Self.overIP(Self.session + noise).tunnelName == nil)
    #expect(Self.overUDP([0, 3, 0, 0] + Self.session + noise).tunnelName == nil)
    // The frame says that it is longer than the message.
    #expect(Self.overIP(Self.session + Self.frame.dropLast(20)).tunnelName == nil)
  }
}
