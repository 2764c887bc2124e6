// SPDX-License-Identifier: Apache-2.0

import CaptureFilter
import LensTrace
import TestSupport
import Testing

/// Interleaved traffic of several hosts, one record every 10 ms from second 1000 on.
private enum Traffic {
  static func packet(_ index: Int) -> [UInt8] {
    let layer =
      index.isMultiple(of: 2)
      ? Packet.udp(from: 30_000, to: 53, Packet.payload(100 + index % 50, seed: index))
      : Packet.udp(from: 40_000, to: 5_004, Packet.payload(300, seed: index))
    return Packet.ethernet(Packet.ipv4(from: "10.0.0.\(index % 5 + 1)", to: "203.0.113.9", layer))
  }

  static func capture(_ indices: some Sequence<Int>) -> [UInt8] {
    var builder = CaptureBuilder.pcap()
    for index in indices {
      builder.record(
        seconds: UInt32(1_000 + index / 100), fraction: UInt32(index % 100) * 10_000,
        packet(index))
    }
    return builder.bytes
  }

  static func counts(_ flow: Flow) -> String {
    """
    \(flow.id) \(flow.originatorAddress):\(flow.originatorPort) \(flow.originator.packets) \
    \(flow.originator.wireBytes) \(flow.firstPacket.time) \(flow.lastTime)
    """
  }
}

@Suite struct SelectionTests {
  @Test("A filter leaves packets out and keeps frame numbers, whatever the threads")
  func filter() throws {
    let folder = try CaptureFolder()
    let path = try folder.write(Traffic.capture(0..<2_000), as: "a.pcap")
    var configuration = Analyzer.Configuration()
    configuration.filter = "udp port 5004"
    var known: [String]?
    for jobs in [1, 3] {
      configuration.jobs = jobs
      let analysis = try Analyzer(configuration).analyze(CaptureSet([path]))
      #expect(analysis.capture.packets == 1_000)
      #expect(analysis.capture.wireBytes == 1_000 * 342)
      #expect(analysis.capture.nonIPPackets == 0)
      #expect(analysis.capture.firstTime == 1_000_010_000_000)
      #expect(analysis.inputs[0].packets == 2_000)
      #expect(analysis.flows.allSatisfy { $0.responderPort == 5_004 })
      #expect(analysis.flows.first?.firstPacket.frame == 2)
      let flows = analysis.flows.map(Traffic.counts)
      #expect(flows.count == 5)
      #expect(known == nil || known == flows)
      known = flows
    }
  }

  @Test("A time range takes its first time and not its last")
  func timeRange() throws {
    let folder = try CaptureFolder()
    let path = try folder.write(Traffic.capture(0..<1_000), as: "a.pcap")
    var configuration = Analyzer.Configuration()
    configuration.timeRange = TimeRange(from: 1_002_000_000_000, to: 1_004_000_000_000)
    for jobs in [1, 3] {
      configuration.jobs = jobs
      let analysis = try Analyzer(configuration).analyze(CaptureSet([path]))
      #expect(analysis.capture.packets == 200)
      #expect(analysis.capture.firstTime == 1_002_000_000_000)
      #expect(analysis.capture.lastTime == 1_003_990_000_000)
      #expect(analysis.flows.first?.firstPacket.frame == 201)
    }
  }

  @Test("A wrong filter is an error that points at the place")
  func wrongFilter() throws {
    let folder = try CaptureFolder()
    let path = try folder.write(Traffic.capture(0..<10), as: "a.pcap")
    var configuration = Analyzer.Configuration()
    configuration.filter = "udp prt 53"
    #expect {
      _ = try Analyzer(configuration).analyze(CaptureSet([path]))
    } throws: { error in
      (error as? FilterError)?.place == 4..<7
    }
  }

  @Test("Files that overlap in time give what the whole gives", arguments: [1, 3])
  func overlappingFiles(jobs: Int) throws {
    let folder = try CaptureFolder()
    let whole = try folder.write(Traffic.capture(0..<600), as: "whole.pcap")
    let even = try folder.write(
      Traffic.capture((0..<600).filter { $0 / 7 % 2 == 0 }), as: "even.pcap")
    let odd = try folder.write(
      Traffic.capture((0..<600).filter { $0 / 7 % 2 == 1 }), as: "odd.pcap")
    let late = try folder.write(Traffic.capture(5_000..<5_010), as: "late.pcap")
    var configuration = Analyzer.Configuration()
    configuration.jobs = jobs
    let one = try Analyzer(configuration).analyze(CaptureSet([whole, late]))
    let parts = try Analyzer(configuration).analyze(CaptureSet([late, odd, even]))
    #expect(parts.flows.map(Traffic.counts) == one.flows.map(Traffic.counts))
    #expect(parts.capture == one.capture)
    #expect(parts.inputs.map(\.path) == ["late.pcap", "odd.pcap", "even.pcap"])
    #expect(parts.inputs.map(\.packets) == [10, 299, 301])
    #expect(parts.inputs.allSatisfy { $0.sha256 != nil })
    // The first packet of the whole is the first of the third file.
    #expect(parts.flows.first?.firstPacket.file == 2)
    #expect(parts.flows.first?.firstPacket.frame == 1)
  }
}

@Suite struct CarverTests {
  private struct Record: Equatable {
    var time: Int64
    var originalLength: UInt32
    var bytes: [UInt8]
  }

  private static func records(_ path: String) throws -> [Record] {
    var result: [Record] = []
    _ = try CaptureReader(path).forEach(hash: false) { packet in
      result.append(
        Record(
          time: packet.time, originalLength: packet.originalLength, bytes: packet.copyOfBytes()))
    }
    return result
  }

  @Test("Carving everything gives every packet, with times and lengths")
  func everything() throws {
    let folder = try CaptureFolder()
    let out = try CaptureFolder()
    let path = try folder.write(Traffic.capture(0..<500), as: "a.pcap")
    var configuration = Analyzer.Configuration()
    configuration.filter = "greater 0"
    let result = try Carver(configuration, selection: .all).carve(
      CaptureSet([path]), to: out.path + "/all.pcapng")
    #expect(result.packets == 500)
    #expect(try Self.records(out.path + "/all.pcapng") == Self.records(path))
    let facts = try Analyzer().info(CaptureSet([out.path + "/all.pcapng"])).files[0]
    let source = try Analyzer().info(CaptureSet([path])).files[0]
    let comment = try #require(facts.comments.first)
    #expect(comment.contains("a.pcap, SHA-256 \(source.sha256 ?? "-")"))
    #expect(comment.contains("filter greater 0"))
  }

  @Test("A flow is carved with its fragments and nothing else")
  func flowWithFragments() throws {
    let folder = try CaptureFolder()
    let out = try CaptureFolder()
    var builder = CaptureBuilder.pcap()
    var expected: [[UInt8]] = []
    for index in 0..<40 {
      let fragments = Packet.ipv4Fragments(
        of: Packet.udp(from: 5_000, to: 6_000 + index % 2, Packet.payload(2_000, seed: index)),
        from: "10.0.0.1", to: "203.0.113.9", size: 800, identification: index)
      // The last fragment first: its ports are known only later.
      for fragment in fragments.reversed() {
        builder.record(seconds: UInt32(1_000 + index), fragment)
        if index % 2 == 0 { expected.append(fragment) }
      }
    }
    let path = try folder.write(builder.bytes, as: "a.pcap")
    let carved = out.path + "/flow.pcapng"
    var carver = Carver(Analyzer.Configuration(), selection: .flow(1))
    carver.annotatesPackets = true
    let result = try carver.carve(CaptureSet([path]), to: carved)
    #expect(result.packets == UInt64(expected.count))
    #expect(try Self.records(carved).map(\.bytes) == expected)
    let facts = try Analyzer().info(CaptureSet([carved])).files[0]
    #expect(facts.comments.contains("a.pcap, frame 1"))
  }

  @Test("Nothing is replaced, and nothing is put beside an input, unless told so")
  func places() throws {
    let folder = try CaptureFolder()
    let out = try CaptureFolder()
    let path = try folder.write(Traffic.capture(0..<50), as: "a.pcap")
    var carver = Carver(Analyzer.Configuration(), selection: .flow(1))
    let set = try CaptureSet([path])
    #expect(throws: ReportError.self) { try carver.carve(set, to: folder.path + "/b.pcapng") }
    let taken = try out.write([1], as: "taken.pcapng")
    #expect(throws: ReportError.self) { try carver.carve(set, to: taken) }
    carver.overwrites = true
    carver.writesBesideInputs = true
    #expect(try carver.carve(set, to: taken).packets == 5)
    #expect(try carver.carve(set, to: folder.path + "/b.pcapng").packets == 5)
    #expect(throws: ReportError.self) { try carver.carve(set, to: path) }
    carver.selection = .flow(1_000)
    #expect(throws: CaptureError.self) { try carver.carve(set, to: out.path + "/c.pcapng") }
  }
}
