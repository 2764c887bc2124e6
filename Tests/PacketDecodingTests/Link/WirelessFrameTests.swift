// SPDX-License-Identifier: Apache-2.0

import CaptureFile
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

  /// Subframes of an A-MSDU, filled up to multiples of four bytes but for the last.
  private func aggregate(_ contents: [[UInt8]]) -> [UInt8] {
    var frame: [UInt8] = []
    for (index, content) in contents.enumerated() {
      let subframe =
        Packet.destinationMAC + Packet.sourceMAC.dropLast() + [UInt8(index & 0xFF)]
        + Packet.word(content.count) + content
      frame += subframe
      if index < contents.count - 1 {
        frame += [UInt8](repeating: 0, count: (4 - subframe.count % 4) % 4)
      }
    }
    return Packet.wireless(frame, control: 0x88, quality: [0x80, 0])
  }

  private var subframes: [[UInt8]] {
    [
      body, Packet.snap(mediaPacketV6), [0xAA, 0xAA, 3, 0, 0, 0, 8, 6] + Packet.payload(28),
      Packet.snap(
        Packet.ipv4(
          from: "192.168.1.10", to: "203.0.113.9", Packet.tcp(from: 40_000, to: 80, [1, 2, 3]))),
    ]
  }

  @Test func aggregateGivesAPacketForEachSubframe() throws {
    let frame = aggregate(subframes)
    let plain = Packet.wireless(body)
    let batch = PacketDecoder().decode(recordBatch([plain, frame, plain], linkType: 105))
    #expect(
      batch.packets.map(\.text) == [
        mediaText, mediaText, mediaTextV6, "none", "192.168.1.10:40000 > 203.0.113.9:80 6 3",
        mediaText,
      ])
    try #require(batch.packets.count == 6)
    #expect((0..<6).map { batch.reference($0).frame } == [1, 2, 2, 2, 2, 3])
    #expect(batch.recordCount == 3)
    #expect((0..<3).map(batch.packets(ofRecord:)) == [0..<1, 1..<5, 5..<6])
    let sent = batch.packets[1..<5].map { Int($0.originalLength) }
    #expect(sent.reduce(0, +) == frame.count)
    #expect(sent[1] == (14 + subframes[1].count + 3) / 4 * 4)
    #expect(sent[3] == 14 + subframes[3].count)
    #expect(batch.packets[1..<5].allSatisfy { $0.capturedLength == $0.originalLength })
    for index in 1..<5 {
      let addresses = try #require(batch.macAddresses(index))
      #expect(addresses.source.bits & 0xFF == UInt64(index - 1))
      #expect(addresses.destination.description == "02:00:00:00:00:0b")
    }
    let block = batch.block.bytes
    let last = batch.packets[4]
    #expect(block[Int(last.payloadOffset)] == 1)
    #expect(block[Int(last.payloadOffset) + 2] == 3)
  }

  /// Cut at every length: the parts are those of the whole, and their bytes those of the record.
  @Test func cutAggregates() {
    let frame = aggregate(subframes)
    let whole = PacketDecoder().decode(recordBatch([frame], linkType: 105)).packets
    for count in 0..<frame.count {
      let batch = PacketDecoder().decode(
        recordBatch(
          [Array(frame[..<count])], linkType: 105, originalLengths: [frame.count]))
      #expect(batch.packets.reduce(0) { $0 + Int($1.originalLength) } == frame.count)
      #expect(batch.packets.reduce(0) { $0 + Int($1.capturedLength) } == count)
      #expect(batch.packets.contains { $0.flags.contains(.isTruncated) })
      for (index, packet) in batch.packets.enumerated() {
        let end = Int(packet.payloadOffset) + Int(packet.payloadCapturedLength)
        #expect(packet.payloadCapturedLength == 0 || end <= count)
        if packet.flags.contains(.hasTransportHeader) { #expect(packet.text == whole[index].text) }
      }
    }
  }

  /// Lengths of any size: bounded, no trap, no byte counted twice.
  @Test func damagedAggregates() {
    var random = FixedRandom(seed: 11)
    let frame = aggregate(subframes)
    for _ in 0..<2_000 {
      var bytes = frame
      for _ in 0..<3 {
        bytes[26 + Int(random.next() % UInt64(bytes.count - 26))] = UInt8(random.next() % 256)
      }
      let batch = PacketDecoder().decode(recordBatch([bytes], linkType: 105))
      #expect(batch.packets.reduce(0) { $0 + Int($1.originalLength) } == frame.count)
      #expect(batch.recordCount == 1)
    }
    let many = aggregate([[UInt8]](repeating: [1, 2, 3], count: 500))
    let batch = PacketDecoder().decode(recordBatch([many], linkType: 105))
    #expect(batch.packets.count == 64)
    #expect(batch.packets.reduce(0) { $0 + Int($1.originalLength) } == many.count)
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
