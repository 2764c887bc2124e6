// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct WirelessFrameTests {
  private let body = Packet.snap(mediaPacket)

  @Test(
    arguments: [
      (0, "02:00:00:00:00:02", "02:00:00:00:00:01"), (1, "02:00:00:00:00:02", "02:00:00:00:00:03"),
      (2, "02:00:00:00:00:03", "02:00:00:00:00:01"), (3, "02:00:00:00:00:04", "02:00:00:00:00:03"),
    ] as [(UInt8, String, String)])
  func distributionBitsTellTheAddresses(bits: UInt8, source: String, destination: String) throws {
    let frame = Packet.wireless(body, flags: bits)
    let batch = PacketDecoder().decode(recordBatch([frame], linkType: 105))
    #expect(batch.packets[0].text == mediaText)
    let addresses = try #require(batch.macAddresses(0))
    #expect(addresses.source.description == source)
    #expect(addresses.destination.description == destination)
  }

  @Test func readsQualityAndHighThroughputControl() {
    let quality = Packet.wireless(body, control: 0x88, quality: [0, 0])
    #expect(decode(quality, linkType: 105).text == mediaText)
    let control = Packet.wireless(
      body, control: 0x88, flags: 0x81, quality: [0, 0, 1, 2, 3, 4])
    #expect(decode(control, linkType: 105).text == mediaText)
  }

  @Test func aggregateLeadsToItsFirstSubframe() {
    let subframe = Packet.destinationMAC + Packet.sourceMAC + Packet.word(body.count) + body
    let frame = Packet.wireless(
      subframe + [0, 0] + subframe, control: 0x88, quality: [0x80, 0])
    #expect(decode(frame, linkType: 105).text == mediaText)
  }

  @Test func protectedFramesShowAddressesAndSize() {
    let packet = decode(Packet.wireless(body, flags: 0x41), linkType: 105)
    #expect(packet.text == "opaque 02:00:00:00:00:02 > 02:00:00:00:00:03 \(body.count)")
    #expect(packet.keyHash != 0)
    let back = decode(Packet.wireless(body, flags: 0x42), linkType: 105)
    #expect(back.text == "opaque 02:00:00:00:00:03 > 02:00:00:00:00:01 \(body.count)")
  }

  @Test func laterFragmentsAreOpaque() {
    let packet = decode(Packet.wireless(body, sequence: 17), linkType: 105)
    #expect(packet.flags.contains(.isOpaqueWireless))
  }

  @Test func managementAndNullFramesAreNoPackets() {
    #expect(decode(Packet.wireless(body, control: 0x80), linkType: 105).text == "none")
    #expect(decode(Packet.wireless([], control: 0x48), linkType: 105).text == "none")
  }
}
