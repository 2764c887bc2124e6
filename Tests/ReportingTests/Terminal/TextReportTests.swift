// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Exfiltration
import Foundation
import Testing

@testable import Reporting

struct TextReportTests {
  private func report(
    _ analysis: Analysis, columns: Int = 80, isColoured: Bool = false
  ) -> [String] {
    SampleAnalysis.text {
      TextReport.write(
        analysis, style: TerminalStyle(columns: columns, isColoured: isColoured), to: $0)
    }.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func theFirstLineSaysWhatMatters() {
    let text = report(SampleAnalysis.make(name: "Example Hosting"), columns: 200)[0]
    #expect(
      text
        == "Camera D1 (192.168.64.21) sent video abroad: 600 kB to RU (AS64496 Example Hosting). "
        + "Verdict: certain."
    )
  }

  @Test func withoutAHomeTheOptionIsNamed() {
    var analysis = SampleAnalysis.make(name: "Example Hosting", isHomeDeclared: false)
    let headline = report(analysis, columns: 200).prefix(2).joined(separator: " ")
    #expect(headline.contains("sent video out of this network"))
    #expect(headline.contains("RU (AS64496"))
    #expect(headline.contains("--home CC"))
    for index in analysis.findings.indices {
      analysis.findings[index].destination.country = nil
      analysis.findings[index].destination.asn = nil
    }
    let placeless = report(analysis, columns: 200).prefix(2).joined(separator: " ")
    #expect(placeless.contains("--geoip FILE"))
    analysis.findings = []
    #expect(report(analysis)[0] == "No video was seen.")
  }

  @Test func flowsThatWereNotLookedAtForbidTheAllClear() {
    var analysis = SampleAnalysis.make()
    analysis.limitations.append(Limitation(id: "bound_flows", text: "", count: 1_234))
    let found = report(analysis, columns: 300)[0]
    #expect(found.contains("1,234 packets of later flows could not be looked at"))
    #expect(!found.contains("all-clear"))
    analysis.findings = []
    analysis.cameraVerdicts = []
    let nothing = report(analysis, columns: 300)[0]
    #expect(
      nothing == "No video was seen. That is no all-clear: 1,234 packets of later flows could not "
        + "be looked at within --memory.")
  }

  @Test func whatWasNotReadForbidsTheAllClear() {
    var analysis = SampleAnalysis.make()
    analysis.findings = []
    analysis.cameraVerdicts = []
    func headline(_ limitations: [Limitation]) -> String {
      analysis.limitations = limitations
      return report(analysis, columns: 400)[0]
    }
    #expect(
      headline([Limitation(id: "undecoded_link_types", text: "", count: 963)])
        == "No video was seen. That is no all-clear: 963 packets have link types that are not "
        + "decoded.")
    #expect(
      headline([
        Limitation(id: "ciphered_wireless", text: "", count: 1),
        Limitation(id: "packets_without_ip", text: "", count: 2),
      ])
        == "No video was seen. That is no all-clear: 1 packet is ciphered by the Wi-Fi network; 2 "
        + "packets hold no IP that is read.")
    #expect(headline([]) == "No video was seen.")
    #expect(
      headline([Limitation(id: "foreign_video", text: "", count: 1)])
        .hasPrefix("Video was seen, but only of senders that are neither inside nor at home"))
    #expect(report(analysis).joined(separator: " ").contains("none: what video was seen"))
  }

  @Test func damageForbidsTheAllClear() throws {
    var analysis = SampleAnalysis.make()
    analysis.findings = []
    analysis.cameraVerdicts = []
    analysis.limitations = []
    try #require(!analysis.inputs.isEmpty)
    analysis.inputs[0].uncompressedBytes = 1_000_000
    analysis.inputs[0].bytesSkipped = 9_000
    // The last record of a capture that was stopped.
    #expect(report(analysis)[0] == "No video was seen.")
    analysis.inputs[0].bytesSkipped = 900_000
    #expect(
      report(analysis, columns: 400)[0]
        == "No video was seen. That is no all-clear: 900 kB of damaged capture files were passed "
        + "over.")
    analysis.inputs[0].bytesSkipped = 0
    analysis.inputs[0].damage = [
      CaptureDamage(offset: 9, reason: .truncatedCompression, bytesSkipped: 0)
    ]
    #expect(
      report(analysis, columns: 400)[0]
        == "No video was seen. That is no all-clear: 1 capture file could not be read to its end.")
  }

  @Test(arguments: [60, 80, 100, 200])
  func linesFitTheWidth(columns: Int) {
    let long = SampleAnalysis.make(name: "a rather long name of something or other in a table")
    for line in report(long, columns: columns) where !line.contains("sha256") {
      #expect(TerminalText.columnCount(line) <= columns, "\(line)")
    }
  }

  @Test func colourOnlyWhereAsked() {
    #expect(!report(SampleAnalysis.make()).joined().contains("\u{1B}"))
    #expect(report(SampleAnalysis.make(), isColoured: true).joined().contains("\u{1B}[31m"))
  }

  @Test func evidenceNamesValuesAndFrames() {
    let text = report(SampleAnalysis.make(), columns: 200).joined(separator: "\n")
    #expect(text.contains("+ says media.abroad.example (rtp_level 3, threshold 2) [frame 12]"))
    #expect(text.contains("SSRC 0xCCD3E75B"))
    #expect(text.contains("H.264, 640x360, 25 frames/s"))
  }

  @Test func findingsOfTheSameKindFollowInALineEach() throws {
    var analysis = SampleAnalysis.make()
    let finding = try #require(analysis.findings.first)
    for number in 1...3 {
      var copy = finding
      copy.id = "F-0000000\(number)"
      if number == 3 { copy.destination.port = 443 }
      analysis.findings.append(copy)
    }
    let lines = report(analysis)
    let text = lines.joined(separator: "\n")
    #expect(text.components(separatedBy: "  HIGH  F-").count == 3)
    #expect(text.contains("2 more findings to this destination"))
    #expect(lines.contains { $0.hasPrefix("    F-00000002  D1 ") && $0.contains("600 kB") })
  }

  @Test func theClockOfTheSiteStandsBehindUTC() throws {
    var analysis = SampleAnalysis.make()
    analysis.timeZone = LocalTimeZone("+13:00")
    let text = report(analysis, columns: 200).joined(separator: "\n")
    #expect(
      text.contains(
        "2026-11-21 12:41:27 to 12:41:51 UTC (2026-11-22 01:41:27 to 2026-11-22 01:41:51 +13:00)"))
  }

  @Test func aPartialRunSaysSo() {
    var analysis = SampleAnalysis.make()
    analysis.isComplete = false
    #expect(report(analysis).joined().contains("PARTIAL"))
  }
}
