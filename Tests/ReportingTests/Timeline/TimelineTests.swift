// SPDX-License-Identifier: Apache-2.0

import Exfiltration
import Foundation
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
    #expect(lines.count == 8)
    #expect(lines[0].hasPrefix("2026-11-21 12:41:27 to 12:41:52 UTC, 1 s a bin;"))
    #expect(lines[2].hasPrefix("D1 > RU AS64496 203.0.113.77 "))
    #expect(lines[2].hasSuffix("  600 kB, 600 packets, peak 200 kbit/s"))
    #expect(lines[3].hasPrefix("│") && lines[3].contains("█") && lines[3].hasSuffix("│"))
    #expect(lines[4].contains("◆"))
    #expect(lines[6].contains("12:41:30"))
    #expect(lines[6].hasSuffix("UTC"))
    #expect(lines[7] == "◆ DNS answer")
    #expect(lines.allSatisfy { TerminalText.columnCount($0) <= 80 })
  }

  @Test func theClockOfTheSiteStandsBelowUTC() throws {
    var analysis = SampleAnalysis.make()
    analysis.timeZone = LocalTimeZone("+05:30")
    let lines = drawn(analysis, columns: 100)
    #expect(lines[0].contains("12:41:27 to 12:41:52 UTC (18:11:27 to 18:11:52 +05:30)"))
    let clocks = lines.filter { $0.hasSuffix("UTC") || $0.hasSuffix("+05:30") }
    #expect(clocks.count == 2)
    #expect(clocks.last?.contains("18:11:30") == true)
    func column(_ line: String, of text: String) -> Int? {
      line.range(of: text).map { line.distance(from: line.startIndex, to: $0.lowerBound) }
    }
    let utc = try #require(column(clocks[0], of: "12:41:30"))
    #expect(column(clocks[1], of: "18:11:30") == utc)
  }

  @Test func gapsAreMarkedBelowTheLanes() {
    var analysis = SampleAnalysis.make()
    let first = SampleAnalysis.firstTime
    analysis.capture.gaps = [
      CaptureSummary.Gap(from: first + 5_000_000_000, to: first + 9_000_000_000)
    ]
    let lines = drawn(analysis, columns: 80)
    #expect(lines.contains { $0.contains("×") && !$0.contains("gap") })
    #expect(lines.last?.contains("× gap in the capture") == true)
  }

  /// Three addresses, twenty devices: a lane for each address unless lanes for findings are asked.
  @Test func manyFindingsToOneAddressShareALane() throws {
    var analysis = SampleAnalysis.make()
    let finding = try #require(analysis.findings.first)
    analysis.findings = (0..<20).map { number in
      var copy = finding
      copy.id = "F-" + String(0x1000_0000 + number, radix: 16)
      copy.device = "D\(number + 1)"
      return copy
    }
    let folded = drawn(analysis, columns: 120)
    #expect(folded.filter { $0.hasPrefix("│") }.count == 1)
    #expect(folded.contains { $0.hasPrefix("20 devices > RU AS64496 203.0.113.77  20 findings") })
    #expect(folded.contains { $0.contains("12.0 MB, 12,000 packets") || $0.contains("12 MB") })
    let single = drawn(analysis, by: .finding, columns: 120)
    #expect(single.filter { $0.hasPrefix("│") }.count == 20)
  }

  @Test func aLaneOfAFlowNamesItsEnds() {
    let lines = drawn(SampleAnalysis.make(), by: .flow, columns: 80)
    #expect(lines.contains { $0.hasPrefix("flow 1 192.168.64.21 > 203.0.113.77 ") })
  }

  @Test func binsThatDoNotFitTheWidthAreMadeCoarser() {
    let lines = drawn(SampleAnalysis.make(), by: .finding, binSeconds: 1, columns: 60)
    #expect(lines.allSatisfy { TerminalText.columnCount($0) <= 60 })
  }

  private func drawn(
    _ analysis: Analysis, by grouping: Timeline.Grouping? = nil, binSeconds: Int64? = nil,
    columns: Int
  ) -> [String] {
    SampleAnalysis.text {
      TimelineText.write(
        analysis, by: grouping, binSeconds: binSeconds, style: TerminalStyle(columns: columns),
        to: $0)
    }.split(separator: "\n").map(String.init)
  }
}
