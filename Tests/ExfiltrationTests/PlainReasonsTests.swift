// SPDX-License-Identifier: Apache-2.0

import MediaInspection
import Testing
import VideoDetection

@testable import Exfiltration

/// Reasons said to a reader who is no specialist.
@Suite struct PlainReasonsTests {
  private func said(
    _ signals: [String], value: Double? = 1, codec: String? = "h264", isProved: Bool = true
  ) -> String {
    PlainReasons.text(
      signals.map { Evidence(signal: $0, value: value, text: "the term \($0)") }, codec: codec,
      isProved: isProved)
  }

  @Test func everyVideoCodecAndContainerHasAName() {
    for codec in Codec.allCases where codec.kind == .video {
      #expect(CodecNames.text(codec.rawValue) != codec.rawValue, "\(codec)")
    }
    for container in Container.allCases {
      let text = said(["container-\(container.rawValue)"])
      #expect(text.hasPrefix("it has the form of "), "\(container)")
      #expect(!text.hasSuffix(" \(container.rawValue)"), "\(container)")
    }
    // What signalling called it.
    #expect(CodecNames.text("X-NEW") == "X-NEW")
  }

  @Test func partsAreEnumerated() {
    #expect(said(["a"]) == "the term a")
    #expect(said(["a", "b"]) == "the term a and the term b")
    #expect(said(["a", "b", "c", "d"]) == "the term a, the term b and the term c")
  }

  @Test func termsOfTheFieldAreSaidPlainly() {
    #expect(
      said(["codec-plausible", "fragment-order", "parameter-sets"])
        == "all that could be read has the form of H.264 and the size of its pictures is written in "
        + "it")
    #expect(
      said(["codec-plausible"], value: 0.984)
        == "98.4 % of what could be read has the form of H.264")
    #expect(
      said(["codec-plausible"], codec: "raw")
        == "all that could be read has the form of uncompressed pictures")
    // The same meaning once.
    #expect(said(["frame_clock", "spectral_clock"]) == said(["frame_clock"]))
  }

  /// Below the third level no clock was found.
  @Test(arguments: [(3.0, "the numbers and the clock of RTP"), (2, "the numbers of RTP")])
  func theClockIsSaidWhereItWasFound(level: Double, said: String) {
    let evidence = Evidence(signal: "rtp_level", value: level, threshold: 3, text: "")
    let text = PlainReasons.text([evidence], codec: nil, isProved: true)
    #expect(text == "its packets bear \(said) (the protocol of live media)")
  }

  @Test func likenessAddsNothingToAProof() {
    #expect(said(["recurring_bursts", "parameter-sets"]) == said(["parameter-sets"]))
    #expect(said(["recurring_bursts"], isProved: false) == "the term recurring_bursts")
    #expect(
      said(["recurring_bursts", "recurring_clips"], isProved: false)
        == said(["recurring_clips"], isProved: false))
    // Something is always said.
    #expect(said(["sustained_rate"], isProved: false) == "the term sustained_rate")
    #expect(said([]).isEmpty)
  }

  @Test func theCallIsTheFirstDoubt() {
    let reasons = ["payload_encrypted", "interactive_video"].map {
      Evidence(signal: $0, text: "the term \($0)")
    }
    #expect(PlainReasons.against(reasons) == "the term interactive_video")
    #expect(PlainReasons.against([reasons[0]]) == "the term payload_encrypted")
    #expect(PlainReasons.against([Evidence(signal: "rhythm_windows", text: "x")]) == nil)
  }
}
