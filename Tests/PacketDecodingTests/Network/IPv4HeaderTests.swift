// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct IPv4HeaderTests {
  private let datagram = Packet.udp(from: 1, to: 2, Packet.payload(8))

  @Test func fieldsAndOptions() {
    let packet = decode(
      Packet.ethernet(
        Packet.ipv4(datagram, timeToLive: 17, trafficClass: 0xB8, options: [1, 1, 1, 0])))
    #expect(packet.text == "10.0.0.1:1 > 10.0.0.2:2 17 8")
    #expect(packet.timeToLive == 17)
    #expect(packet.trafficClass == 0xB8)
  }

  @Test func reversedDirectionHasTheSameKey() {
    let there = decode(Packet.ethernet(Packet.ipv4(datagram)))
    let answer = Packet.udp(from: 2, to: 1, Packet.payload(8))
    let back = decode(
      Packet.ethernet(Packet.ipv4(from: "10.0.0.2", to: "10.0.0.1", answer)))
    #expect(!there.flags.contains(.isReversed))
    #expect(back.flags.contains(.isReversed))
    #expect(there.keyHash == back.keyHash)
    #expect(there.portsAndProtocol == back.portsAndProtocol)
    #expect(there.fingerprint != back.fingerprint)
  }

  @Test func totalLengthZeroIsTheWholeFrame() {
    let segment = Packet.tcp(from: 1, to: 2, Packet.payload(3000))
    let frame = Packet.ethernet(Packet.ipv4(segment, totalLength: 0))
    #expect(decode(frame).text == "10.0.0.1:1 > 10.0.0.2:2 6 3000")
    let cut = decode(Array(frame[..<100]), originalLength: 80_054)
    #expect(cut.payloadLength == 80_000)
    #expect(cut.payloadCapturedLength == 46)
  }

  @Test func lengthsThatContradict() {
    let short = decode(Packet.ethernet(Packet.ipv4(datagram, totalLength: 12)))
    #expect(short.flags.contains(.isMalformed))
    #expect(short.text == "10.0.0.1:0 > 10.0.0.2:0 17 0")
    let segment = Packet.tcp(from: 1, to: 2, Packet.payload(8))
    let long = decode(Packet.ethernet(Packet.ipv4(segment, totalLength: 900)))
    #expect(long.flags.contains(.isMalformed))
    #expect(long.text == "10.0.0.1:1 > 10.0.0.2:2 6 8")
  }

  @Test func cutPacketsKeepTheirWireLength() {
    let frame = Packet.ethernet(Packet.ipv4(Packet.tcp(from: 1, to: 2, Packet.payload(1000))))
    let headers = decode(Array(frame[..<54]), originalLength: frame.count)
    #expect(headers.text == "10.0.0.1:1 > 10.0.0.2:2 6 1000")
    #expect(headers.payloadCapturedLength == 0)
    #expect(headers.flags.isSuperset(of: [.isTruncated, .hasTransportHeader]))
    let ports = decode(Array(frame[..<40]), originalLength: frame.count)
    #expect(ports.text == "10.0.0.1:1 > 10.0.0.2:2 6 1000")
    #expect(!ports.flags.contains(.hasTransportHeader))
    let address = decode(Array(frame[..<34]), originalLength: frame.count)
    #expect(address.text == "10.0.0.1:0 > 10.0.0.2:0 6 1000")
  }

  @Test func versionSixUnderItsNumber() {
    let wrong = Packet.Layer(mediaPacketV6.bytes, etherType: 0x0800)
    let packet = decode(Packet.ethernet(wrong))
    #expect(packet.text == mediaTextV6)
    #expect(packet.flags.contains(.isMalformed))
  }
}
