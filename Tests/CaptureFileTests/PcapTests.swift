// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import TestSupport
import Testing

@Suite struct PcapTests {
  @Test(arguments: CaptureBuilder.Magic.allCases, [false, true])
  func readsEachMagicInBothByteOrders(magic: CaptureBuilder.Magic, isBigEndian: Bool) throws {
    var file = CaptureBuilder.pcap(magic, isBigEndian: isBigEndian, snapLength: 96, linkType: 113)
    let extra: [UInt8] = magic == .modified ? [0, 0, 0, 1, 8, 0, 0, 0] : []
    file.record(seconds: 4_294_967_295, fraction: 999_999, [1, 2, 3], extra: extra)
    file.record(seconds: 1, fraction: 7, [4], originalLength: 1500, extra: extra)
    let reading = try Reading(file.bytes)
    let unit: Int64 = magic == .nanoseconds || magic == .ixiaHardware ? 1 : 1000
    #expect(
      reading.packets == [
        ReadPacket(
          frame: 1, time: 4_294_967_295_000_000_000 + 999_999 * unit, interface: 0,
          originalLength: 3, bytes: [1, 2, 3]),
        ReadPacket(
          frame: 2, time: 1_000_000_000 + 7 * unit, interface: 0, originalLength: 1500, bytes: [4]),
      ])
    let facts = reading.facts
    #expect(facts.format == (magic == .modified ? .pcapModified : .pcap))
    #expect(facts.linkTypes == [LinkType(rawValue: 113)])
    #expect(facts.interfaces.first?.snapLength == 96)
    #expect(facts.interfaces.first?.timestampResolution == (unit == 1 ? 1_000_000_000 : 1_000_000))
    #expect(facts.interfaces.first?.packets == 2)
    #expect(facts.packets == 2)
    #expect(facts.wireBytes == 1503)
    #expect(facts.capturedBytes == 4)
    #expect(facts.truncatedPackets == 1)
    #expect(facts.outOfOrder == 1)
    #expect(facts.firstTime == 1_000_000_000 + 7 * unit)
    #expect(facts.lastTime == 4_294_967_295_000_000_000 + 999_999 * unit)
    #expect(facts.damage.isEmpty)
    #expect(facts.bytes == UInt64(file.bytes.count))
  }

  @Test func tellsNokiaByTheRecords() throws {
    var file = CaptureBuilder.pcap()
    for index in 0..<6 {
      file.record(
        seconds: 1_700_000_000 + UInt32(index), Array(repeating: 0xff, count: 60),
        extra: [0xff, 0xff, 0xff, 0xff])
    }
    let reading = try Reading(file.bytes)
    #expect(reading.facts.format == .pcapNokia)
    #expect(reading.packets.count == 6)
    #expect(reading.packets.last?.bytes == Array(repeating: 0xff, count: 60))
  }

  /// A second record whose time and lengths nobody writes, and which four bytes further on would be
  /// the beginning of a long one (after tcpdump's `mobility_opt_asan.pcap`).
  @Test func oddTimesMakeNoOtherVariant() throws {
    var file = CaptureBuilder.pcap()
    file.record(
      seconds: 167_817_197, fraction: 135_958, Array(repeating: 0, count: 60),
      originalLength: 32_896)
    file.record(
      seconds: 1_514_385_133, fraction: 8_916_227,
      [0xc0, 0x63, 0x23, 0xa0] + Array(repeating: 0, count: 96), originalLength: 32_896)
    let reading = try Reading(file.bytes)
    #expect(reading.facts.format == .pcap)
    #expect(reading.packets.count == 2)
    #expect(reading.facts.damage.isEmpty)
  }

  @Test func keepsFractionsOverOneSecond() throws {
    var file = CaptureBuilder.pcap()
    file.record(seconds: 10, fraction: 2_500_000, [0])
    #expect(try Reading(file.bytes).packets.first?.time == 12_500_000_000)
  }

  @Test func readsLengthsInTheOrderOfOldVersions() throws {
    var file = CaptureBuilder.pcap()
    file.bytes[6] = 2
    file.record(seconds: 10, [7, 8], originalLength: 2, capturedLength: 90)
    let packet = try #require(try Reading(file.bytes).packets.first)
    #expect(packet.bytes == [7, 8])
    #expect(packet.originalLength == 90)
  }

  @Test func readsAnUnknownVersionAndSaysSo() throws {
    var file = CaptureBuilder.pcap(version: 1)
    file.record(seconds: 10, [7, 8])
    let reading = try Reading(file.bytes)
    #expect(reading.packets.count == 1)
    #expect(
      reading.facts.damage == [CaptureDamage(offset: 4, reason: .unknownVersion, bytesSkipped: 0)])
  }

  @Test func keepsTheLinkTypeBelowTheCheckSequenceBits() throws {
    let file = CaptureBuilder.pcap(linkType: 0x5400_0001)
    #expect(try Reading(file.bytes).facts.linkTypes == [LinkType(rawValue: 1)])
  }

  @Test func carriesRecordsOverBlockBorders() throws {
    var file = CaptureBuilder.pcap()
    var random = SeededGenerator(state: 1)
    var expected: [[UInt8]] = []
    for index in 0..<400 {
      let packet = random.bytes(Int(random.next() % 1500))
      expected.append(packet)
      file.record(seconds: 1_700_000_000 + UInt32(index), packet)
    }
    for size in [64, 1000, 4096, 1 << 18] {
      let reading = try Reading(file.bytes, blockByteCount: size)
      #expect(reading.packets.map(\.bytes) == expected, "block of \(size)")
      #expect(reading.packets.map(\.frame) == Array(1...400))
      #expect(reading.facts.uncompressedBytes == UInt64(file.bytes.count))
    }
  }
}
