// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct ERSPANTests {
  private func text(_ gre: [UInt8], _ content: [UInt8]) -> String {
    let layer = Packet.Layer(gre + content, ipProtocol: 47)
    return decode(Packet.ethernet(Packet.ipv4(from: "10.9.0.1", to: "10.9.0.2", layer))).text
  }
  private let frame = Packet.ethernet(mediaPacket)
  private let typeTwo: [UInt8] = [0x10, 0, 0x88, 0xBE, 0, 0, 0, 1]
  private let typeThree: [UInt8] = [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1]

  @Test func typeOneHasNoHeader() {
    #expect(text([0, 0, 0x88, 0xBE], frame) == mediaText)
  }

  @Test func isNamed() {
    let layer = Packet.Layer([0, 0, 0x88, 0xBE] + frame, ipProtocol: 47)
    #expect(decode(Packet.ethernet(Packet.ipv4(layer))).tunnelName == "ERSPAN")
  }

  @Test func typeTwoHasEightBytes() {
    #expect(text(typeTwo, [0x10, 5, 0, 1, 0, 0, 0, 0] + frame) == mediaText)
  }

  @Test func typeThreeHasTwelveOrTwenty() {
    let header: [UInt8] = [0x20, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    #expect(text(typeThree, header + frame) == mediaText)
    #expect(text(typeTwo, header + frame) == mediaText)
    let long = header.dropLast() + [1] + [UInt8](repeating: 0, count: 8)
    #expect(text(typeThree, long + frame) == mediaText)
    let packetOnly: [UInt8] = [0x20, 5, 0, 1, 0, 0, 0, 0, 0, 0, 8, 0]
    #expect(text(typeThree, packetOnly + mediaPacket.bytes) == mediaText)
  }
}
