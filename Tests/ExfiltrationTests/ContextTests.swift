// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import StageSamples
import Testing
import VideoDetection

@testable import Exfiltration

/// What is known beside the rhythm: proof, and who the sender is (classifier.md §3.4).
@Suite struct ContextTests {
  /// One ciphered upload with a rhythm.
  private func upload(_ verdict: VideoVerdict) -> Scenario {
    var scenario = Scenario()
    scenario.flows = [SampleFlow(id: 1, to: "85.17.186.6", sentBytes: 14_000_000)]
    scenario.timing = { place, direction in
      place.index == 0 && direction == .fromOriginator ? TimingAssessment(verdict: verdict) : nil
    }
    return scenario
  }

  private func verdict(_ scenario: Scenario) throws -> Finding.Video {
    let findings = try scenario.run().findings
    return try #require(findings.first { $0.flows == [1] }).video
  }

  @Test(arguments: [VideoVerdict.noEvidence, .notAssessed, .possible])
  func provedVideoStaysCertainWhateverItsRhythm(rhythm: VideoVerdict) throws {
    var scenario = try Scenario.video(
      SampleFlow(to: "85.17.186.6", protocolNumber: 17, sentBytes: 14_000_000))
    scenario.timing = { _, _ in TimingAssessment(verdict: rhythm, obstacle: .saturated) }
    #expect(try verdict(scenario).verdict == .certain)
  }

  @Test func aLeadOfAKnownCameraIsLikely() throws {
    #expect(try verdict(upload(.possible)).verdict == .possible)
    var scenario = upload(.possible)
    scenario.cameras = ["192.168.1.10"]
    let video = try verdict(scenario)
    #expect(video.verdict == .likely)
    let reason = try #require(video.reasons.first { $0.signal == "context" })
    #expect(reason.text.contains("declared as a camera"))
  }

  @Test func aLeadOfASenderOfProvedVideoIsLikely() throws {
    var scenario = upload(.possible)
    scenario.flows.append(
      SampleFlow(id: 2, to: "85.17.186.7", protocolNumber: 17, sentBytes: 14_000_000))
    try scenario.addVideo(flow: 1)
    let video = try verdict(scenario)
    #expect(video.verdict == .likely)
    #expect(
      video.reasons.contains { $0.signal == "context" && $0.text.contains("proved video") })
  }

  @Test func cipheredVideoIsNeverCertain() throws {
    var scenario = upload(.certain)
    scenario.cameras = ["192.168.1.10"]
    scenario.flows.append(
      SampleFlow(id: 2, to: "85.17.186.7", protocolNumber: 17, sentBytes: 14_000_000))
    try scenario.addVideo(flow: 1)
    #expect(try verdict(scenario).verdict == .likely)
    #expect(try scenario.run().detector.verdict(ofFlow: 1).originator == .likely)
  }

  @Test func aCallIsNotRaised() throws {
    var scenario = Scenario()
    scenario.flows = [
      SampleFlow(id: 1, to: "85.17.186.6", sentBytes: 14_000_000, receivedBytes: 13_000_000)
    ]
    scenario.timing = { _, _ in TimingAssessment(verdict: .likely) }
    scenario.cameras = ["192.168.1.10"]
    #expect(try verdict(scenario).verdict == .possible)
  }
}
