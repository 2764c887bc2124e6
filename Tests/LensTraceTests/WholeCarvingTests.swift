// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Foundation
import LensTrace
import TestSupport
import Testing

private let captures = ProcessInfo.processInfo.environment["LENSTRACE_CAPTURES"]

/// Everything a capture holds, carved as a whole, is what it was.
@Suite struct WholeCarvingTests {
  private struct Record: Equatable {
    var time: Int64
    var hasTime: Bool
    var originalLength: UInt32
    /// As Wireshark numbers it: in its section.
    var interface: Int
    var section: Int
    var linkType: LinkType?
    var bytes: [UInt8]
  }

  private static func records(_ path: String) throws -> (records: [Record], facts: CaptureFacts) {
    var records: [Record] = []
    let facts = try CaptureReader(path).forEach(hash: false) { packet in
      records.append(
        Record(
          time: packet.time, hasTime: packet.hasTime, originalLength: packet.originalLength,
          interface: packet.interface, section: 0, linkType: packet.linkType,
          bytes: packet.copyOfBytes()))
    }
    for index in records.indices {
      let interface = facts.interfaces[records[index].interface]
      records[index].section = interface.section
      records[index].interface -=
        facts.interfaces.first { $0.section == interface.section }?.id ?? 0
    }
    return (records, facts)
  }

  private static func carve(_ path: String, into folder: String) throws -> (String, Carver.Result) {
    let target = folder + "/\(UUID().uuidString).pcapng"
    var configuration = Analyzer.Configuration()
    configuration.computesHashes = false
    let result = try Carver(configuration, selection: .all).carve(CaptureSet([path]), to: target)
    return (target, result)
  }

  @Test("Sections, simple packets and custom blocks of one file stay what they are")
  func odds() throws {
    let folder = try CaptureFolder()
    let out = try CaptureFolder()
    var file = CaptureBuilder.pcapng(isBigEndian: true)
    file.interface(linkType: 1, snapLength: 10)
    file.simplePacket([1, 2, 3])
    file.block(0xbad, [0, 0, 0x7d, 0x0a, 9, 9, 9, 9])
    file.enhancedPacket(ticks: 5_000_000, [4, 5])
    file.simplePacket([UInt8](1...10), originalLength: 60)
    file.block(0x4000_0bad, [0, 0, 0x7d, 0x0a, 8])
    file.isBigEndian = false
    file.section()
    file.interface(linkType: 101)
    file.interface(linkType: 113)
    file.enhancedPacket(interface: 1, ticks: 6_000_000, [6])
    file.simplePacket([7, 7, 7, 7])
    let path = try folder.write(file.bytes, as: "odd.pcapng")
    let (carved, result) = try Self.carve(path, into: out.path)
    #expect(result.packets == 5)
    #expect(result.blocks == 1)
    #expect(result.blocksLeftOut == 1)
    let before = try Self.records(path)
    let after = try Self.records(carved)
    #expect(after.records == before.records)
    #expect(before.records.map(\.hasTime) == [false, true, false, true, false])
    #expect(before.records.map(\.interface) == [0, 0, 0, 1, 0])
    #expect(after.facts.interfaces == before.facts.interfaces)
    #expect(after.facts.unknownBlocks == 1)
    #expect(after.facts.damage.isEmpty)
  }

  @Test("Simple packets that do not fit keep the time that they were shown with")
  func simplePacketsOfSeveralFiles() throws {
    let folder = try CaptureFolder()
    let out = try CaptureFolder()
    var first = CaptureBuilder.pcapng()
    first.interface()
    first.enhancedPacket(ticks: 5_000_000, [4, 5])
    var second = CaptureBuilder.pcapng()
    second.interface()
    second.enhancedPacket(ticks: 7_000_000, [6])
    second.simplePacket([7])
    let paths = [
      try folder.write(first.bytes, as: "1.pcapng"), try folder.write(second.bytes, as: "2.pcapng"),
    ]
    let target = out.path + "/all.pcapng"
    let result = try Carver(Analyzer.Configuration(), selection: .all).carve(
      CaptureSet(paths), to: target)
    #expect(result.packets == 3)
    let records = try Self.records(target).records
    #expect(records.map(\.time) == [5_000_000_000, 7_000_000_000, 7_000_000_000])
    #expect(records.map(\.hasTime) == [true, true, true])
    #expect(records.map(\.interface) == [0, 1, 1])
  }

  @Test("A stop leaves nothing of the new file")
  func stop() throws {
    let folder = try CaptureFolder()
    let out = try CaptureFolder()
    var file = CaptureBuilder.pcap()
    for index in 0..<10_000 { file.record(seconds: UInt32(index), [1, 2, 3]) }
    let path = try folder.write(file.bytes, as: "a.pcap")
    let stop = StopSignal()
    stop.stop()
    #expect(throws: CancellationError.self) {
      try Carver(Analyzer.Configuration(), selection: .all).carve(
        CaptureSet([path]), to: out.path + "/new.pcapng", stop: stop)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: out.path).isEmpty)
  }

  @Test("What a filter cannot judge is told")
  func unfiltered() throws {
    let folder = try CaptureFolder()
    let out = try CaptureFolder()
    var file = CaptureBuilder.pcapng()
    file.interface(linkType: 1)
    file.interface(linkType: 9999)
    file.enhancedPacket(interface: 0, ticks: 1, [UInt8](repeating: 1, count: 60))
    file.enhancedPacket(interface: 1, ticks: 2, [2, 2])
    let path = try folder.write(file.bytes, as: "a.pcapng")
    var configuration = Analyzer.Configuration()
    configuration.filter = "greater 0"
    let result = try Carver(configuration, selection: .all).carve(
      CaptureSet([path]), to: out.path + "/new.pcapng")
    #expect(result.packets == 1)
    #expect(result.unfilteredPackets == 1)
    #expect(result.unfilteredLinkTypes.map(\.rawValue) == [9999])
    for jobs in [1, 2] {
      configuration.jobs = jobs
      let analysis = try Analyzer(configuration).analyze(CaptureSet([path]))
      let limitation = analysis.limitations.first { $0.id == "filter_link_types" }
      #expect(limitation?.count == 1)
      #expect(limitation?.text.contains("LINKTYPE 9999") == true)
    }
  }

  @Test(
    "All captures of the project", .enabled(if: captures != nil, "LENSTRACE_CAPTURES is not set"))
  func allCaptures() throws {
    let out = try CaptureFolder()
    var compared = 0
    for input in try CaptureSet([captures ?? ""], recursive: true).inputs {
      guard case .path(let path) = input.source else { continue }
      let (carved, result) = try Self.carve(path, into: out.path)
      let before = try Self.records(path)
      let after = try Self.records(carved)
      #expect(after.records == before.records, "\(input.name)")
      #expect(result.packets == before.facts.packets, "\(input.name)")
      #expect(
        after.facts.unknownBlocks + result.blocksLeftOut <= before.facts.unknownBlocks
          && after.facts.unknownBlocks == result.blocks, "\(input.name)")
      #expect(after.facts.interfaces.count == before.facts.interfaces.count, "\(input.name)")
      #expect(after.facts.damage.isEmpty, "\(input.name)")
      try FileManager.default.removeItem(atPath: carved)
      compared += 1
    }
    #expect(compared > 140)
  }
}
