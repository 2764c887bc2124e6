// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Reporting

struct TimelineTests {
  @Test func widthsThatPeopleRead() {
    #expect(Timeline.readableWidth(from: 0, to: 23, bins: 40) == 1)
    #expect(Timeline.readableWidth(from: 0, to: 59, bins: 40) == 2)
    #expect(Timeline.readableWidth(from: 0, to: 86_399, bins: 48) == 1_800)
    // Times that a hostile capture can have: 585 years.
    let width = Timeline.readableWidth(from: -9_223_372_036, to: 9_223_372_036, bins: 10)
    #expect(18_446_744_072 / width < 10)
  }

  @Test(arguments: Timeline.Grouping.allCases)
  func everyGroupingHoldsAllBytes(grouping: Timeline.Grouping) {
    let timeline = Timeline(of: SampleAnalysis.make(), by: grouping, binSeconds: 5)
    #expect(timeline.lanes.count == 1)
    let sum = timeline.lanes.flatMap(\.bins).reduce(0) { $0 + $1.newPayloadBytes }
    #expect(sum == 600_000)
    #expect(timeline.lanes.flatMap(\.bins).reduce(0) { $0 + $1.payloadBytes } == 600_000)
    #expect(timeline.start % 5 == 0)
  }

  @Test func coverageOfEdgesAndGaps() {
    var analysis = SampleAnalysis.make()
    let first = SampleAnalysis.firstTime
    analysis.capture.gaps = [
      CaptureSummary.Gap(from: first + 5_000_000_000, to: first + 9_000_000_000)
    ]
    let timeline = Timeline(of: analysis, by: .finding, binSeconds: 1)
    #expect(timeline.coverage.first == .partial)
    #expect(timeline.coverage[1] == .full)
    #expect(timeline.coverage[5] == .partial)
    #expect(timeline.coverage[6] == .none)
    #expect(timeline.coverage[9] == .partial)
    #expect(timeline.coverage[10] == .full)
  }

  @Test func csvHasTheDocumentedHeaderAndARowForEachBin() {
    let timeline = Timeline(of: SampleAnalysis.make(), by: .finding, binSeconds: 10)
    let rows = CSVReader.rows(SampleAnalysis.text { TimelineReport.writeCSV(timeline, to: $0) })
    #expect(
      rows[0].joined(separator: ",")
        == "bin_start,bin_seconds,group,source_ip,destination_ip,destination_asn,"
        + "destination_country,video_verdict,packets,wire_bytes,payload_bytes,new_payload_bytes,"
        + "coverage")
    #expect(rows.count == 1 + timeline.binCount)
    #expect(rows[1][0] == "2026-11-21T12:41:20.000000000Z")
  }

  @Test func anEmptyCaptureHasNoBins() {
    var analysis = SampleAnalysis.make()
    analysis.capture = CaptureSummary()
    let timeline = Timeline(of: analysis, by: .finding, binSeconds: nil)
    #expect(timeline.binCount == 0)
    #expect(timeline.lanes.isEmpty)
  }

  @Test func drawnAtEightyColumns() {
    let text = SampleAnalysis.text {
      TimelineText.write(
        SampleAnalysis.make(), by: .finding, binSeconds: nil,
        style: TerminalStyle(columns: 80), to: $0)
    }
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.count == 5)
    #expect(lines[0].hasPrefix("F-00112233 D1 > RU AS64496 │"))
    #expect(lines[0].hasSuffix("│ 600 kB, peak 200 kbit/s"))
    #expect(lines[0].contains("█"))
    #expect(lines[3].contains("12:41:30"))
    #expect(lines[3].hasSuffix("UTC 2026-11-21"))
    #expect(lines.allSatisfy { TerminalText.columnCount($0) <= 80 })
  }
}
