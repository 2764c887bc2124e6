// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct IPv6ExtensionHeadersTests {
  private func text(_ layer: Packet.Layer, payloadLength: Int? = nil) -> String {
    let packet = Packet.ipv6(
      from: "2001:db8::10", to: "2001:db8:9::1", layer, payloadLength: payloadLength)
    return decode(Packet.ethernet(packet)).text
  }

  @Test(arguments: [0, 43, 60, 135, 139, 140] as [UInt8])
  func isSkipped(number: UInt8) {
    #expect(text(Packet.extensionHeader(number, media)) == mediaTextV6)
    let long = [UInt8](repeating: 0, count: 22)
    #expect(text(Packet.extensionHeader(number, media, data: long)) == mediaTextV6)
  }

  @Test func chainsAndAuthentication() {
    let authentication = Packet.Layer(
      [17, 4] + [UInt8](repeating: 0, count: 22) + media.bytes, ipProtocol: 51)
    let chain = Packet.extensionHeader(
      0, Packet.extensionHeader(43, Packet.extensionHeader(60, authentication)))
    #expect(text(chain) == mediaTextV6)
  }

  @Test func authenticationStandsBehindIPv4Too() {
    let authentication = Packet.Layer(
      [17, 4] + [UInt8](repeating: 0, count: 22) + media.bytes, ipProtocol: 51)
    #expect(
      decode(Packet.ethernet(Packet.ipv4(authentication))).text
        == decode(
          Packet.ethernet(Packet.ipv4(media))
        ).text)
    let cut = Packet.Layer([17, 4, 0, 0], ipProtocol: 51)
    #expect(decode(Packet.ethernet(Packet.ipv4(cut))).protocolNumber == 51)
  }

  /// A routing header does not change the ends: as tshark has them.
  @Test(arguments: [0, 2, 4] as [UInt8])
  func routingLeavesTheNextStop(type: UInt8) {
    let there: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [0x77]
    for data in [[type, 1, 0, 0, 0, 0] + there, [type, 9, 0, 0, 0, 0]] {
      #expect(text(Packet.extensionHeader(43, media, data: data)) == mediaTextV6)
    }
  }

  @Test func jumbogram() {
    let segment = Packet.tcp(from: 1, to: 2, Packet.payload(70_000))
    let length = Packet.long(8 + segment.bytes.count)
    let jumbo = Packet.extensionHeader(0, segment, data: [0xC2, 4] + length)
    let frame = Packet.ethernet(Packet.ipv6(jumbo, payloadLength: 0), padding: 10)
    #expect(decode(frame).text == "2001:db8::1:1 > 2001:db8::2:2 6 70000")
  }

  @Test func chainThatDoesNotEndIsMalformed() {
    let endless = Packet.Layer([0, 200] + [UInt8](repeating: 0, count: 6), ipProtocol: 0)
    let packet = decode(Packet.ethernet(Packet.ipv6(endless)))
    #expect(packet.flags.contains(.isMalformed))
    #expect(packet.protocolNumber == 0)
  }
}
