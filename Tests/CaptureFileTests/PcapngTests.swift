// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import TestSupport
import Testing

@Suite struct PcapngTests {
  @Test(arguments: [false, true])
  func readsEachBlock(isBigEndian: Bool) throws {
    var file = CaptureBuilder.pcapng(
      isBigEndian: isBigEndian,
      options: [.comment("section"), .init(2, "machine"), .init(3, "system"), .init(4, "program")])
    file.interface(
      linkType: 113, snapLength: 100,
      options: [
        .init(2, "eth0"), .init(3, "first"), .resolution(9), .comment("interface"),
        .init(11, [0] + Array("port 80".utf8)),
      ])
    file.simplePacket([9])
    file.enhancedPacket(ticks: 5_000_000_001, [1, 2, 3, 4, 5], options: [.comment("packet")])
    file.simplePacket(Array(repeating: 1, count: 101), originalLength: 1000)
    file.obsoletePacket(ticks: 6, [1, 2, 3, 4], originalLength: 10, options: [.comment("old")])
    file.names(address: [192, 0, 2, 1], ["camera.example", "other"])
    file.names(address: Array(repeating: 0x20, count: 16), ["six"])
    file.statistics(interfaceDropped: 3, systemDropped: 4)
    file.block(10, [1, 2, 3, 4, 0, 0, 0, 0])
    file.block(0x0bad, [0, 0, 0, 9])
    file.block(0x8000_0001, [])
    let reading = try Reading(file.bytes)
    #expect(reading.packets.map(\.bytes.count) == [1, 5, 100, 4])
    #expect(reading.packets.map(\.time) == [0, 5_000_000_001, 5_000_000_001, 6])
    #expect(reading.packets.map(\.originalLength) == [1, 5, 1000, 10])
    let facts = reading.facts
    #expect(facts.format == .pcapng)
    #expect(facts.comments == ["section", "interface", "packet", "old"])
    #expect(facts.writers == ["machine", "system", "program"])
    let interface = try #require(facts.interfaces.first)
    #expect(interface.name == "eth0")
    #expect(interface.text == "first")
    #expect(interface.filter == "port 80")
    #expect(interface.snapLength == 100)
    #expect(interface.timestampResolution == 1_000_000_000)
    #expect(interface.dropped == 7)
    #expect(interface.packets == 4)
    #expect(facts.names.map(\.name) == ["camera.example", "other", "six"])
    #expect(facts.names.map(\.address.count) == [4, 4, 16])
    #expect(facts.decryptionSecrets == 1)
    #expect(facts.unknownBlocks == 2)
    #expect(facts.firstTime == 6)
    #expect(facts.untimedPackets == 2)
    #expect(facts.damage.isEmpty)
  }

  @Test func readsSectionsOfBothByteOrdersAndCountsInterfacesOverAll() throws {
    var file = CaptureBuilder.pcapng()
    file.interface(linkType: 1)
    file.interface(linkType: 101)
    file.enhancedPacket(interface: 1, ticks: 1_000_000, [1])
    file.isBigEndian = true
    file.section()
    file.interface(linkType: 276, options: [.resolution(3)])
    file.enhancedPacket(ticks: 2_000, [2])
    let reading = try Reading(file.bytes)
    #expect(reading.packets.map(\.interface) == [1, 2])
    #expect(reading.packets.map(\.time) == [1_000_000_000, 2_000_000_000])
    #expect(reading.facts.linkTypes.map(\.rawValue) == [1, 101, 276])
    #expect(reading.facts.interfaces.map(\.packets) == [0, 1, 1])
    #expect(reading.facts.sections == 2)
  }

  @Test func addsTheOffsetOfTheInterface() throws {
    var file = CaptureBuilder.pcapng()
    var offset = CaptureBuilder()
    offset.add64(UInt64(bitPattern: -10))
    file.interface(options: [.init(14, offset.bytes)])
    file.enhancedPacket(ticks: 3_000_000, [1])
    let reading = try Reading(file.bytes)
    #expect(reading.packets.first?.time == -7_000_000_000)
    #expect(reading.facts.interfaces.first?.timestampOffset == -10)
  }

  @Test func passesOverAPacketOfAnUnknownInterface() throws {
    var file = CaptureBuilder.pcapng()
    file.interface()
    file.enhancedPacket(interface: 7, ticks: 1, [1])
    file.enhancedPacket(interface: 0, ticks: 2, [2])
    let reading = try Reading(file.bytes)
    #expect(reading.packets.map(\.bytes) == [[2]])
    #expect(reading.facts.damage.map(\.reason) == [.unknownInterface])
    #expect(reading.facts.damage.first?.offset == UInt64(file.starts[2]))
  }

  @Test func passesOverAPacketLongerThanItsBlock() throws {
    var file = CaptureBuilder.pcapng()
    file.interface()
    file.enhancedPacket(ticks: 1, [1], capturedLength: 900)
    file.enhancedPacket(ticks: 2, [2])
    let reading = try Reading(file.bytes)
    #expect(reading.packets.map(\.bytes) == [[2]])
    #expect(reading.facts.damage.map(\.reason) == [.badRecordLength])
  }

  @Test func keepsNoMoreInterfacesThanTheBound() throws {
    var file = CaptureBuilder.pcapng()
    for _ in 0..<65_540 { file.interface() }
    file.enhancedPacket(interface: 65_535, ticks: 1, [1])
    file.enhancedPacket(interface: 65_536, ticks: 1, [1])
    let facts = try Reading(file.bytes).facts
    #expect(facts.interfaces.count == 65_536)
    #expect(facts.packets == 1)
    #expect(facts.damageCount == 5)
  }

  @Test func carriesBlocksOverBlockBorders() throws {
    var file = CaptureBuilder.pcapng()
    file.interface()
    file.interface(linkType: 101, options: [.resolution(9)])
    var random = SeededGenerator(state: 2)
    var expected: [[UInt8]] = []
    for index in 0..<300 {
      let packet = random.bytes(Int(random.next() % 900))
      expected.append(packet)
      file.enhancedPacket(interface: UInt32(index % 2), ticks: UInt64(index), packet)
      if index % 50 == 0 { file.statistics(interfaceDropped: UInt64(index)) }
    }
    for size in [64, 1000, 4096, 1 << 18] {
      let reading = try Reading(file.bytes, blockByteCount: size)
      #expect(reading.packets.map(\.bytes) == expected, "block of \(size)")
      #expect(reading.facts.interfaces.map(\.packets) == [150, 150])
      #expect(reading.facts.interfaces.first?.dropped == 250)
    }
  }

  @Test func textIsBounded() throws {
    let long = String(repeating: "x", count: 60_000)
    var file = CaptureBuilder.pcapng(options: [.init(4, long)])
    for _ in 0..<400 { file.interface(options: [.init(2, long), .init(3, long)]) }
    for _ in 0..<30 { file.enhancedPacket(ticks: 1, [1], options: [.comment(long)]) }
    file.enhancedPacket(ticks: 1, [1], options: [.comment("short, but after one left out")])
    for _ in 0..<3 { file.names(address: [1, 2, 3, 4], [long]) }
    let facts = try Reading(file.bytes).facts
    #expect(facts.writers.map(\.utf8.count) == [255])
    let kept = facts.interfaces.map { ($0.name?.utf8.count ?? 0) + ($0.text?.utf8.count ?? 0) }
    #expect(kept.reduce(0, +) == 1 << 20)
    #expect(facts.interfaces.count == 400)
    #expect(facts.comments.count == 17)
    #expect(facts.commentCount == 31)
    #expect(facts.names.map(\.name.utf8.count) == [255, 255, 255])
  }

  @Test func brokenOptionsEndTheirListOnly() throws {
    var file = CaptureBuilder.pcapng()
    // An option that claims more bytes than the block has.
    file.block(1, [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0xff, 0xff, 65, 66, 67, 68])
    file.enhancedPacket(ticks: 1, [1])
    let facts = try Reading(file.bytes).facts
    #expect(facts.interfaces.count == 1)
    #expect(facts.interfaces.first?.name == nil)
    #expect(facts.packets == 1)
    #expect(facts.damage.isEmpty)
  }

  @Test func blocksThatWiresharkNumbersTakeAFrame() throws {
    var file = CaptureBuilder.pcapng()
    file.interface()
    file.block(0x0bad, [0, 0, 0, 9])
    file.enhancedPacket(ticks: 1, [1])
    file.enhancedPacket(ticks: 2, [2])
    file.block(9, Array("MESSAGE=x\n".utf8))
    file.block(0x4000_0bad, [0, 0, 0, 9])
    file.block(0x0bbb, [])
    file.enhancedPacket(ticks: 3, [3])
    let reading = try Reading(file.bytes)
    #expect(reading.packets.map(\.frame) == [2, 3, 6])
    #expect(reading.facts.packets == 3)
    #expect(reading.facts.unknownBlocks == 4)
  }
}
