// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Exfiltration
import Foundation
import Testing

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
    #expect(page.contains("The first 60 of 1,000 findings are shown"))
    analysis.findings += analysis.findings.prefix(5)
    let longer = SampleAnalysis.text { HTMLReport.write(analysis, to: $0) }
    #expect(longer.contains("The first 1,000 of 1,005 findings are shown. --format json has them"))
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
