// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Foundation
import TestSupport
import Testing

@Suite struct PcapngWriterTests {
  /// Writes everything in the file to a new one, as `carve` does, and gives its path.
  static func copy(_ source: String, into folder: TemporaryFolder) throws -> String {
    let target = folder.path + "/copy-\(UUID().uuidString).pcapng"
    let interfaces = try CaptureReader(source).forEach(hash: false) { _ in }.interfaces
    var writer = try PcapngWriter(target, application: "test", comment: "from \(source)")
    for interface in interfaces { _ = try writer.addInterface(interface) }
    try CaptureReader(source).forEach(hash: false) { packet in
      try writer.write(packet, interface: packet.interface)
    }
    try writer.finish()
    return target
  }

  @Test func whatIsWrittenIsWhatWasRead() throws {
    let folder = try TemporaryFolder()
    var file = CaptureBuilder.pcapng()
    file.interface(linkType: 113, snapLength: 96, options: [.init(2, "eth0"), .resolution(9)])
    file.interface(linkType: 101, options: [.init(3, "second"), .resolution(3)])
    file.enhancedPacket(interface: 1, ticks: 1_700_000_000_123, [1, 2, 3], originalLength: 77)
    file.enhancedPacket(interface: 0, ticks: UInt64(bitPattern: -5), Array(repeating: 9, count: 90))
    file.isBigEndian = true
    file.section()
    file.interface(options: [.init(14, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf6])])
    file.enhancedPacket(ticks: 12_345_678, [])
    try folder.add("source.pcapng", file.bytes)
    let before = try Reading(path: folder.path + "/source.pcapng")
    let after = try Reading(path: try Self.copy(folder.path + "/source.pcapng", into: folder))
    #expect(before.packets.count == 3)
    #expect(after.packets == before.packets)
    // All in one section.
    var interfaces = before.facts.interfaces
    #expect(interfaces.map(\.section) == [0, 0, 1])
    interfaces[2].section = 0
    #expect(after.facts.interfaces == interfaces)
    #expect(after.facts.comments.first?.hasPrefix("from ") == true)
    #expect(after.facts.writers == ["test"])
    #expect(after.facts.damage.isEmpty)
  }

  @Test func writesCommentsOnPackets() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/new.pcapng"
    var writer = try PcapngWriter(path)
    let source = try TemporaryFile(CaptureBuilder.pcap().bytes)
    let facts = try CaptureReader(source.path).forEach(hash: false) { _ in }
    let interface = try writer.addInterface(facts.interfaces[0])
    let bytes: [UInt8] = [1, 2, 3]
    try writer.write(
      bytes.span, time: 5, originalLength: 9, interface: interface, comment: "frame 7 of a.pcap")
    try writer.finish()
    let reading = try Reading(path: path)
    #expect(reading.facts.comments == ["frame 7 of a.pcap"])
    #expect(reading.packets.first?.originalLength == 9)
  }

  @Test func neverReplacesAFileAndLeavesNothingUnfinished() throws {
    let folder = try TemporaryFolder()
    try folder.add("there", [1])
    let error = try #require(throws: CaptureError.self) {
      _ = try PcapngWriter(folder.path + "/there")
    }
    #expect(error.kind == .cannotWrite)
    do {
      _ = try PcapngWriter(folder.path + "/unfinished")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["there"])
    let late = try PcapngWriter(folder.path + "/late")
    try folder.add("late", [2])
    var refused = false
    do throws(CaptureError) {
      try late.finish()
    } catch {
      refused = error.kind == .cannotWrite
    }
    #expect(refused)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "late", "there",
      ])
  }

  @Test func knowsAFolderOfAnInput() throws {
    let folder = try TemporaryFolder()
    try folder.add("deep/a.pcap", CaptureSetTests.capture([1]))
    let set = try CaptureSet([folder.path + "/deep/a.pcap"])
    #expect(set.inputBeside(folder.path + "/deep/new.pcapng")?.name == "a.pcap")
    #expect(set.inputBeside(folder.path + "/new.pcapng") == nil)
  }
}
