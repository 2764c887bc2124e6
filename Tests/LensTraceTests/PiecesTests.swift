// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Foundation
import LensTrace
import TestSupport
import Testing

/// The same traffic in other files is the same story.
@Suite struct PiecesTests {
  private struct Record {
    var time: Int64
    var bytes: [UInt8]
    var length: UInt32
  }

  /// What must not depend on how the traffic was cut into files.
  private struct Facts: Equatable {
    var findings: [String] = []
    var stories: [String] = []
    var verdicts: [String] = []
    var uniqueBytes: UInt64 = 0

    /// Copies come later, so with them the last packet is a copy: `hasEnds` leaves its time out.
    init(_ analysis: Analysis, hasEnds: Bool = true) {
      findings = analysis.findings.map { finding in
        let events = finding.before.map { "\($0.time) \($0.text)" }.joined(separator: "; ")
        return [
          finding.id, finding.severity.rawValue, finding.video.verdict.rawValue,
          finding.exposure.level.code, "\(finding.sourceAddress)",
          "\(finding.destination.address)", "\(finding.bytes)", "\(finding.uniqueWireBytes)",
          "\(finding.firstTime)", hasEnds ? "\(finding.lastTime)" : "", finding.text, events,
        ].joined(separator: "|")
      }
      stories = analysis.stories.map { story in
        "\(story.id)|\(story.bytes)|\(story.text)|"
          + story.facts.map(\.text).joined(separator: "|")
      }
      verdicts = analysis.cameraVerdicts.map { "\($0.device) \($0.outcome) \($0.text)" }
      uniqueBytes = analysis.capture.uniqueWireBytes
    }
  }

  private static func airport() throws -> [Record] {
    var records: [Record] = []
    let path = ScenarioTests.samples.appending(path: "airport.pcapng.zst").path
    // swift-format-ignore: ReplaceForEachWithForLoop
    try CaptureReader(path).forEach { packet in
      records.append(
        Record(
          time: packet.time, bytes: packet.copyOfBytes(), length: packet.originalLength))
    }
    return records
  }

  private static func whole(hasEnds: Bool = true) throws -> Facts {
    Facts(
      try ScenarioTests.analyze([
        ScenarioTests.samples.appending(path: "airport.pcapng.zst").path
      ]), hasEnds: hasEnds)
  }

  @Test func tenRotatedFilesTellTheSame() throws {
    let folder = try CaptureFolder()
    let records = try Self.airport()
    var paths: [String] = []
    for part in 0..<10 {
      var builder = CaptureBuilder.pcap(.nanoseconds)
      let range = records.count * part / 10..<records.count * (part + 1) / 10
      for record in records[range] {
        builder.record(
          seconds: UInt32(record.time / 1_000_000_000),
          fraction: UInt32(record.time % 1_000_000_000), record.bytes)
      }
      // Names sort otherwise than times, as those of a ring of files do.
      paths.append(
        try folder.write(
          StoredCompression.gzip(builder.bytes), as: "ring_\((part + 7) % 10).pcap.gz"))
    }
    let whole = try Self.whole()
    #expect(whole.findings.count == 36)
    #expect(Facts(try ScenarioTests.analyze(paths)) == whole)
    #expect(Facts(try ScenarioTests.analyze([folder.path])) == whole)
  }

  @Test func twoInterfacesThatSeeEachPacketTellTheSame() throws {
    let folder = try CaptureFolder()
    var builder = CaptureBuilder.pcapng()
    builder.interface(options: [.resolution(9)])
    builder.interface(options: [.resolution(9)])
    let records = try Self.airport()
    var copies: [(time: Int64, interface: UInt32, bytes: [UInt8])] = []
    for record in records {
      copies.append((record.time, 0, record.bytes))
      // Behind a hop: other hardware addresses, one less time to live, a little later.
      var bytes = record.bytes
      for index in 0..<12 where index != 0 && index != 6 { bytes[index] ^= 0x11 }
      bytes[22] &-= 1
      copies.append((record.time + 40_000, 1, bytes))
    }
    for copy in copies.sorted(by: { $0.time < $1.time }) {
      builder.enhancedPacket(
        interface: copy.interface, ticks: UInt64(copy.time), copy.bytes)
    }
    let path = try folder.write(builder.bytes, as: "two.pcapng")
    let whole = try Self.whole(hasEnds: false)
    let analysis = try ScenarioTests.analyze([path])
    #expect(analysis.capture.packets == UInt64(records.count * 2))
    #expect(analysis.capture.wireBytes == 2 * analysis.capture.uniqueWireBytes)
    #expect(Facts(analysis, hasEnds: false) == whole)
  }
}
