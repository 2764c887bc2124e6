// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Foundation
import LensTrace
import TestSupport
import Testing

/// Captures in a folder of their own, removed with the value.
final class CaptureFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "lenstrace-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], as name: String) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// What of a flow must not depend on the threads.
private struct Facts: Equatable {
  var text: String
  var packets: [UInt64]
  var history: String
  var firstFrame: UInt64

  init(_ flow: Flow) {
    text = "\(flow.id) \(flow.originatorAddress):\(flow.originatorPort) \(flow.responderAddress)"
    packets = FlowDirection.allCases.flatMap {
      [flow.counters($0).packets, flow.counters($0).wireBytes, flow.counters($0).newPayloadBytes]
    }
    history = flow.history
    firstFrame = flow.firstPacket.frame
  }
}

@Suite struct EngineTests {
  /// A capture of several segments: many address pairs, TCP and UDP, fragments in between.
  private static func capture(packets: Int) -> [UInt8] {
    var builder = CaptureBuilder.pcap()
    for index in 0..<packets {
      let host = index % 211
      let source = "10.0.\(host / 100).\(host % 100 + 1)"
      let layer: Packet.Layer
      if index % 97 == 0 {
        for fragment in Packet.ipv4Fragments(
          of: Packet.udp(from: 5_000, to: 6_000, Packet.payload(2_000, seed: index)),
          from: source, to: "203.0.113.9", size: 800, identification: index & 0xFFFF)
        {
          builder.record(
            seconds: UInt32(1_000 + index / 500), fraction: UInt32(index % 500) * 2_000, fragment)
        }
        continue
      } else if index % 3 == 0 {
        layer = Packet.tcp(
          from: 40_000 + host, to: 443, Packet.payload(700, seed: index),
          sequence: 1 + index / 211 / 3 * 700)
      } else {
        layer = Packet.udp(from: 30_000 + host, to: 53, Packet.payload(300 + host, seed: index))
      }
      builder.record(
        seconds: UInt32(1_000 + index / 500), fraction: UInt32(index % 500) * 2_000,
        Packet.ethernet(Packet.ipv4(from: source, to: "198.51.100.\(host % 7)", layer)))
    }
    return builder.bytes
  }

  private static func analysis(_ paths: [String], jobs: Int) throws -> Analysis {
    var configuration = Analyzer.Configuration()
    configuration.jobs = jobs
    return try Analyzer(configuration).analyze(CaptureSet(paths))
  }

  @Test("Flows, frames and totals are the same for one, two and five threads")
  func threads() throws {
    let folder = try CaptureFolder()
    let path = try folder.write(Self.capture(packets: 12_000), as: "a.pcap")
    let one = try Self.analysis([path], jobs: 1)
    #expect(one.capture.packets > 12_000)
    #expect(one.flows.count > 400)
    for jobs in [2, 5] {
      let many = try Self.analysis([path], jobs: jobs)
      #expect(one.flows.map(Facts.init) == many.flows.map(Facts.init))
      #expect(one.capture == many.capture)
      #expect(one.inputs.map(\.sha256) == many.inputs.map(\.sha256))
      #expect(one.inputs.map(\.packets) == many.inputs.map(\.packets))
    }
  }

  @Test("The facts of an input are whole with and without hashing, whatever the threads")
  func facts() throws {
    let folder = try CaptureFolder()
    let bytes = Self.capture(packets: 3_000)
    // Cut in the last record, as interrupted captures are.
    let path = try folder.write(Array(bytes.dropLast(7)), as: "cut.pcap")
    for jobs in [1, 2] {
      for computesHashes in [false, true] {
        var configuration = Analyzer.Configuration()
        configuration.jobs = jobs
        configuration.computesHashes = computesHashes
        let analysis = try Analyzer(configuration).analyze(CaptureSet([path]))
        let facts = try #require(analysis.inputs.first)
        #expect(facts.packets == analysis.capture.packets)
        #expect(facts.wireBytes > 0)
        #expect(facts.firstTime == 1_000_000_000_000)
        #expect(facts.damage.map(\.reason) == [.truncatedRecord])
        #expect((facts.sha256 != nil) == computesHashes)
      }
    }
  }

  @Test("Flows go on from one file to the next; frames are counted in each file")
  func severalFiles() throws {
    let folder = try CaptureFolder()
    var first = CaptureBuilder.pcap()
    var second = CaptureBuilder.pcap()
    for index in 0..<20 {
      let packet = Packet.ethernet(
        Packet.ipv4(
          from: "10.0.0.1", to: "203.0.113.1",
          Packet.udp(from: 4_000, to: 53, Packet.payload(40, seed: index))))
      if index < 10 {
        first.record(seconds: UInt32(100 + index), packet)
      } else {
        second.record(seconds: UInt32(100 + index), packet)
      }
    }
    let paths = [
      try folder.write(first.bytes, as: "1.pcap"), try folder.write(second.bytes, as: "2.pcap"),
    ]
    let analysis = try Self.analysis(paths, jobs: 2)
    #expect(analysis.flows.count == 1)
    #expect(analysis.flows[0].originator.packets == 20)
    #expect(analysis.inputs.map(\.packets) == [10, 10])
  }

  @Test("A stop gives what was read, marked as partial")
  func stop() throws {
    let folder = try CaptureFolder()
    let path = try folder.write(Self.capture(packets: 12_000), as: "a.pcap")
    var configuration = Analyzer.Configuration()
    configuration.jobs = 1
    let stop = StopSignal()
    stop.stop()
    let analysis = try Analyzer(configuration).analyze(CaptureSet([path]), stop: stop)
    #expect(!analysis.isComplete)
    #expect(analysis.capture.packets < 12_000)
  }

  @Test("What is no capture is an error that names the file")
  func noCapture() throws {
    let folder = try CaptureFolder()
    let path = try folder.write(Array("just text, no packets".utf8), as: "notes.txt")
    #expect {
      _ = try Self.analysis([path], jobs: 1)
    } throws: { error in
      String(describing: error).contains("notes.txt")
    }
  }

  @Test("Facts of files are given with and without threads, and unreadable ones are named")
  func information() throws {
    let folder = try CaptureFolder()
    let good = try folder.write(Self.capture(packets: 3_000), as: "a.pcap")
    let bad = try folder.write(Array("just text".utf8), as: "b.pcap")
    var results: [String?] = []
    for jobs in [1, 2] {
      var configuration = Analyzer.Configuration()
      configuration.jobs = jobs
      let information = try Analyzer(configuration).info(CaptureSet([good, bad]))
      #expect(information.files.map(\.path) == ["a.pcap"])
      #expect(information.files[0].packets > 3_000)
      #expect(information.unreadable.map(\.file) == ["b.pcap"])
      results.append(information.files[0].sha256)
    }
    #expect(results[0] != nil)
    #expect(results[0] == results[1])
  }

  @Test("Progress grows to all bytes of the input")
  func progress() throws {
    let folder = try CaptureFolder()
    let bytes = Self.capture(packets: 3_000)
    let path = try folder.write(bytes, as: "a.pcap")
    var seen: [AnalysisProgress] = []
    _ = try Analyzer().analyze(CaptureSet([path])) { seen.append($0) }
    let first = try #require(seen.first)
    #expect(first.bytesTotal == UInt64(bytes.count))
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.bytesRead <= $1.bytesRead })
    #expect(seen.allSatisfy { $0.fractionCompleted <= 1 })
  }
}
