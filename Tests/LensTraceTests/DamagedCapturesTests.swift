// SPDX-License-Identifier: Apache-2.0

import Exfiltration
import LensTrace
import TestSupport
import Testing

/// What is missing because a capture is damaged stands among the limits of the report.
@Suite struct DamagedCapturesTests {
  @Test(arguments: [0, 1, 5]) func missingPacketsAreSaid(cut: Int) throws {
    var builder = CaptureBuilder.pcap()
    for number in 0..<3 as Range<UInt32> {
      builder.record(
        seconds: 1_000 + number,
        Packet.ethernet(
          Packet.ipv4(from: "10.0.0.1", to: "203.0.113.9", Packet.udp(from: 5, to: 6, [1, 2]))))
    }
    let folder = try CaptureFolder()
    let file = try folder.write(builder.bytes.dropLast(cut), as: "a.pcap")
    let analysis = try Analyzer(Analyzer.Configuration()).analyze(try CaptureSet([file]))
    let limitation = analysis.limitations.first { $0.id == "damaged_captures" }
    #expect(limitation?.count == (cut == 0 ? nil : 1))
  }
}
