// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import PacketDecoding
import TestSupport
import Testing

struct TCPHeaderTests {
  @Test func fields() {
    let segment = Packet.tcp(
      from: 1, to: 2, [1, 2, 3], sequence: 0x0102_0304, acknowledgment: 0x0506_0708,
      flags: 0x12, window: 0x1234, options: [2, 4, 5, 0xB4])
    for link in [Packet.ethernet(Packet.ipv4(segment)), Packet.ethernet(Packet.ipv6(segment))] {
      let packet = decode(link)
      #expect(packet.sequenceNumber == 0x0102_0304)
      #expect(packet.acknowledgmentNumber == 0x0506_0708)
      #expect(packet.tcpFlags == 0x12)
      #expect(packet.window == 0x1234)
      #expect(packet.payloadLength == 3)
      #expect(packet.flags.isSuperset(of: [.hasTransportHeader, .hasTransportOptions]))
    }
    let plain = decode(Packet.ethernet(Packet.ipv4(Packet.tcp(from: 1, to: 2))))
    #expect(!plain.flags.contains(.hasTransportOptions))
  }

  @Test func payloadIsWhereItIsSaidToBe() {
    let payload = Packet.payload(50)
    let segment = Packet.tcp(from: 1, to: 2, payload, options: [1, 1, 1, 1])
    let batch = PacketDecoder().decode(
      recordBatch([[9, 9, 9], Packet.ethernet(Packet.vlan(3, Packet.ipv4(segment)))]))
    let packet = batch.packets[1]
    let start = Int(packet.payloadOffset)
    #expect((0..<50).map { batch.block.bytes[start + $0] } == payload)
  }

  @Test func dataOffsetThatDoesNotFitIsMalformed() {
    var bytes = Packet.tcp(from: 1, to: 2, [1, 2, 3]).bytes
    for offset in [0x40, 0xF0] as [UInt8] {
      bytes[12] = offset
      let packet = decode(Packet.ethernet(Packet.ipv4(Packet.Layer(bytes, ipProtocol: 6))))
      #expect(packet.flags.contains(.isMalformed))
      #expect(packet.payloadLength <= 3)
    }
  }
}
