// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Exfiltration
import Foundation
import Testing
import VideoDetection

@testable import Reporting

struct HTMLReportTests {
  private static let page = SampleAnalysis.text { HTMLReport.write(SampleAnalysis.make(), to: $0) }

  /// What stands between two marks.
  private func between(_ begin: String, _ end: String, in text: String) -> Substring? {
    guard let start = text.range(of: begin) else { return nil }
    guard let stop = text.range(of: end, range: start.upperBound..<text.endIndex) else {
      return nil
    }
    return text[start.upperBound..<stop.lowerBound]
  }

  @Test func thePolicyNamesTheInlineStyleAndScriptByTheirHashes() throws {
    let policy = try #require(between("Content-Security-Policy\" content=\"", "\"", in: Self.page))
    #expect(policy.hasPrefix("default-src &#39;none&#39;;"))
    for (begin, end) in [("<style>", "</style>"), ("<script>", "</script>")] {
      let inline = try #require(between(begin, end, in: Self.page))
      let digits = Array(SHA256Hex.digest(of: String(inline)))
      let bytes = stride(from: 0, to: 64, by: 2).compactMap {
        UInt8(String(digits[$0...$0 + 1]), radix: 16)
      }
      let hash = Data(bytes).base64EncodedString()
      #expect(policy.contains("&#39;sha256-\(hash)&#39;"))
    }
    #expect(!policy.contains("unsafe"))
  }

  @Test func nothingIsLoadedOrLinkedAndNothingStyledInline() {
    let body = Self.page
    #expect(!body.contains(" src="))
    #expect(!body.contains("http://www.w3.org/1999"))
    #expect(!body.contains(" style=\""))
    #expect(!body.contains("@import"))
    #expect(!body.contains("url("))
    for part in body.components(separatedBy: "href=\"").dropFirst() {
      #expect(part.hasPrefix("#"))
    }
  }

  @Test func everyPartIsThere() {
    for part in [
      "summary", "cameras", "timeline", "map", "findings", "destinations", "devices",
      "limitations", "inputs", "method", "glossary",
    ] {
      #expect(Self.page.contains("id=\"\(part)\""))
      #expect(Self.page.contains("href=\"#\(part)\""))
    }
    #expect(Self.page.contains("frame 12"))
    #expect(Self.page.contains(String(repeating: "ab", count: 32)))
    #expect(Self.page.contains("codec_share"))
  }

  @Test(arguments: hostileNames)
  func aNameIsNeverMarkup(name: String) {
    let page = SampleAnalysis.text { HTMLReport.write(SampleAnalysis.make(name: name), to: $0) }
    #expect(!page.contains("<script>alert"))
    #expect(page.components(separatedBy: "<script").count == 3)
    #expect(page.components(separatedBy: "</script").count == 3)
    #expect(page.utf8.count < 400_000)
  }

  @Test func aThousandFindingsStayUnderThreeMegabytesAndSayWhatWasCut() throws {
    var analysis = SampleAnalysis.make()
    let finding = try #require(analysis.findings.first)
    analysis.findings = (0..<1_000).map { number in
      var copy = finding
      copy.id = "F-" + String(0x1000_0000 + number, radix: 16)
      return copy
    }
    let page = SampleAnalysis.text { HTMLReport.write(analysis, to: $0) }
    #expect(page.utf8.count < 3_000_000)
    #expect(page.components(separatedBy: "<article").count == HTMLReport.findingsInFull + 1)
    #expect(page.contains("The first 60 of 1,000 lanes of findings are shown"))
    analysis.findings += analysis.findings.prefix(5)
    let longer = SampleAnalysis.text { HTMLReport.write(analysis, to: $0) }
    #expect(longer.contains("The first 1,000 of 1,005 findings are shown. --format json has them"))
  }

  /// Each with twelve reasons of 400 characters: the page is cut by its size, not by a number.
  @Test func findingsWithMuchEvidenceStayUnderThreeMegabytes() throws {
    var analysis = SampleAnalysis.make(name: String(repeating: "long name ", count: 40))
    var finding = try #require(analysis.findings.first)
    let reason = try #require(finding.video.reasons.first)
    finding.video.reasons = Array(repeating: reason, count: 12)
    analysis.findings = (0..<1_000).map { number in
      var copy = finding
      copy.id = "F-" + String(0x1000_0000 + number, radix: 16)
      copy.destination.port = UInt16(number)
      return copy
    }
    let page = SampleAnalysis.text { HTMLReport.write(analysis, to: $0) }
    #expect(page.utf8.count < 3_000_000)
    let articles = page.components(separatedBy: "<article").count - 1
    #expect(articles > 50 && articles < HTMLReport.findingsInFull)
    // The others have a row each.
    #expect(page.components(separatedBy: "Further findings").count == 3)
    for number in [0, 500, 999] {
      #expect(page.contains("F-" + String(0x1000_0000 + number, radix: 16)))
    }
  }

  @Test func storiesAndWhatCameBeforeAreTold() throws {
    var analysis = SampleAnalysis.make()
    var finding = try #require(analysis.findings.first)
    let packet = try #require(finding.video.reasons.first?.packets.first)
    finding.before = [
      PriorEvent(
        kind: .firmwareDownload, time: SampleAnalysis.firstTime, text: "loaded <b>firmware</b>",
        peer: SampleAnalysis.receiver, name: "x.bin", bytes: 9, packets: [packet])
    ]
    analysis.findings = [finding]
    analysis.stories = [
      Story(
        id: "S-00112233", kind: .chain, severity: .high, devices: ["D1"],
        destinations: [SampleAnalysis.receiver], findings: [finding.id], bytes: 600_000,
        firstTime: SampleAnalysis.firstTime, lastTime: SampleAnalysis.firstTime,
        facts: [
          Story.Fact(
            kind: "step", time: SampleAnalysis.firstTime, text: "all <i>began</i>",
            packets: [packet])
        ], text: "Sent in turn; all <i>began</i>. Nothing else.")
    ]
    let page = SampleAnalysis.text { HTMLReport.write(analysis, to: $0) }
    #expect(page.contains("href=\"#stories\""))
    #expect(page.contains("Destinations used in turn"))
    #expect(page.contains("<p>Sent in turn. Nothing else.</p>"))
    #expect(page.contains("all &lt;i&gt;began&lt;/i&gt;"))
    #expect(page.contains("loaded &lt;b&gt;firmware&lt;/b&gt;"))
    let rows = CSVReader.rows(SampleAnalysis.text { TimesketchReport.write(analysis, to: $0) })
    #expect(rows.contains { $0[2] == "Story Start" && $0.last == "S-00112233" })
    #expect(rows.contains { $0[2] == "Story Fact" && $0[0].contains("all <i>began</i>") })
    #expect(rows.contains { $0[2] == "Before First Video" })
    let drawing = SampleAnalysis.text { SVGReport.write(analysis, to: $0) }
    #expect(drawing.contains("S-00112233: destinations used in turn, 1 device, 1 finding, 600 kB"))
  }

  @Test func theClockOfTheSiteIsShown() throws {
    var analysis = SampleAnalysis.make()
    analysis.timeZone = LocalTimeZone("+02:00")
    let page = SampleAnalysis.text { HTMLReport.write(analysis, to: $0) }
    #expect(page.contains("2026-11-21 12:41:27 UTC (14:41:27 +02:00)"))
    #expect(page.contains("\"zone\": \"+02:00\""))
    #expect(page.contains("7200"))
  }

  @Test func nothingFoundIsSaid() {
    var analysis = SampleAnalysis.make()
    analysis.findings = []
    analysis.destinations = []
    analysis.isComplete = false
    let page = SampleAnalysis.text { HTMLReport.write(analysis, to: $0) }
    #expect(page.contains("There is no finding to draw."))
    #expect(page.contains("Nothing was sent outside."))
    #expect(page.contains("PARTIAL"))
  }
}
