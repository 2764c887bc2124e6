// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Reporting

struct AnalysisJSONTests {
  private let document = SampleAnalysis.text {
    AnalysisJSON.write(
      SampleAnalysis.make(), including: [.flows, .timeline, .names], to: $0)
  }

  /// Keys of an object in the order they are written.
  private func keys(of name: String?, in text: String, depth: Int) -> [String] {
    let indent = String(repeating: "  ", count: depth)
    return text.split(separator: "\n").compactMap { line in
      guard line.hasPrefix(indent + "\""),
        let end = line.dropFirst(indent.count + 1).firstIndex(of: "\"")
      else { return nil }
      return String(line[line.index(line.startIndex, offsetBy: indent.count + 1)..<end])
    }
  }

  @Test func topLevelKeysAreInTheDocumentedOrder() {
    #expect(
      keys(of: nil, in: document, depth: 1) == [
        "schema", "complete", "tool", "case", "configuration", "inputs", "geoip", "home_declared",
        "capture", "devices", "media_streams", "findings", "stories", "camera_verdicts",
        "destinations", "flows", "timeline", "names", "limitations",
      ])
  }

  @Test func optionalPartsAreLeftOut() {
    let plain = SampleAnalysis.text { AnalysisJSON.write(SampleAnalysis.make(), to: $0) }
    let top = keys(of: nil, in: plain, depth: 1)
    #expect(!top.contains("flows"))
    #expect(!top.contains("timeline"))
    #expect(!top.contains("names"))
  }

  @Test func aParserReadsItBack() throws {
    let parsed = try JSONSerialization.jsonObject(with: Data(document.utf8))
    let object = try #require(parsed as? [String: Any])
    let findings = try #require(object["findings"] as? [[String: Any]])
    let finding = try #require(findings.first)
    #expect(finding["id"] as? String == "F-00112233")
    #expect(finding["first_time"] as? String == "2026-11-21T12:41:27.500000000Z")
    let video = try #require(finding["video"] as? [String: Any])
    #expect(video["verdict"] as? String == "certain")
    let reasons = try #require(video["reasons"] as? [[String: Any]])
    let packets = try #require(reasons.first?["packets"] as? [[String: Any]])
    #expect(packets.first?["frame"] as? Int == 12)
    let streams = try #require(object["media_streams"] as? [[String: Any]])
    #expect(streams.first?["ssrc"] as? UInt64 == 0xCCD3_E75B)
    let flows = try #require(object["flows"] as? [[String: Any]])
    #expect(flows.first?["originator_packets"] as? Int == 600)
    #expect(flows.first?["originator_payload_bytes"] as? Int == 600_000)
    let bins = try #require(object["timeline"] as? [[String: Any]])
    let sum = bins.reduce(0) { $0 + ($1["new_payload_bytes"] as? Int ?? 0) }
    #expect(sum == 600_000)
  }

  @Test func selectionKeepsWhatFits() {
    for (text, count) in [
      ("severity>=high", 1), ("severity>=critical", 0), ("country=ru", 1), ("asn=AS1", 0),
    ] {
      let json = SampleAnalysis.text {
        AnalysisJSON.write(
          SampleAnalysis.make(), selection: Selection(text) ?? Selection(), to: $0)
      }
      #expect(json.contains("F-00112233") == (count == 1))
    }
  }
}
