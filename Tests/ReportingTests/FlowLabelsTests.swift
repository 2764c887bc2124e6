// SPDX-License-Identifier: Apache-2.0

import Testing
import VideoDetection

@testable import Reporting

struct FlowLabelsTests {
  @Test func labelsAreFoundByFlow() {
    let labels = FlowLabels([
      FlowLabel(flowID: 9, service: "dns"), FlowLabel(flowID: 2, verdict: .certain),
      FlowLabel(flowID: 9, service: "tls"),
    ])
    #expect(labels[2].verdict == .certain)
    #expect(labels[9].service == "dns")
    #expect(labels[5] == FlowLabel(flowID: 5, verdict: .noEvidence))
    #expect(labels[10].service == nil)
  }

  @Test func formatsHaveNamesOfTheirOwn() {
    #expect(Set(ReportFormats.all.map(\.name)).count == ReportFormats.all.count)
    // Databases and saved analyses are no text; their own tests read them.
    let binary: Set<String> = ["sqlite", SavedAnalysis.pathExtension]
    for format in ReportFormats.all where !binary.contains(format.name) {
      let text = SampleAnalysis.text {
        ReportFormats.write(SampleAnalysis.make(), as: format, options: ReportOptions(), to: $0)
      }
      #expect(text.contains("F-00112233"))
    }
  }

  @Test func progressInWords() {
    #expect(
      HarmlessText.progress(
        bytesRead: 500_000_000, bytesTotal: 1_000_000_000, packets: 1_234, elapsedSeconds: 2)
        == "50 %  500 MB of 1 GB, 2 s left, 250 MB/s, 1,234 packets")
    #expect(
      HarmlessText.progress(bytesRead: 0, bytesTotal: nil, packets: 0, elapsedSeconds: 0)
        == "0 B, 0 packets")
  }
}
