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

  /// Type 0 ends with the destination, type 2 has it alone, type 4 begins with it.
  @Test(arguments: [0, 2, 4] as [UInt8])
  func routingNamesTheDestination(type: UInt8) {
    let here = [UInt8](repeating: 0xFD, count: 16)
    let there: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [0x77]
    let addresses = type == 0 ? here + there : type == 2 ? there : there + here
    func header(segmentsLeft: UInt8) -> Packet.Layer {
      Packet.extensionHeader(43, media, data: [type, segmentsLeft, 0, 0, 0, 0] + addresses)
    }
    #expect(text(header(segmentsLeft: 1)).contains("2001:db8::77"))
    #expect(text(header(segmentsLeft: 0)) == mediaTextV6)
  }

  @Test func routingThatIsTooShortNamesNothing() {
    for type: UInt8 in [0, 1, 2, 3, 4, 255] {
      #expect(
        text(Packet.extensionHeader(43, media, data: [type, 9, 0, 0, 0, 0])) == mediaTextV6)
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
