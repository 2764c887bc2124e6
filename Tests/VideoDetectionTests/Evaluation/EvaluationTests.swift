// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct EvaluationTests {
  private func cases(_ rows: [(String, VideoVerdict?)]) throws -> [Evaluation.Case] {
    let text =
      "capture\tflow\tlabel\n" + rows.map { "c.pcap\t*\t\($0.0)\n" }.joined()
    return zip(try CaptureLabel.labels(in: text), rows).map {
      Evaluation.Case(label: $0, verdict: $1.1)
    }
  }

  @Test func countsByKind() throws {
    let evaluation = Evaluation(
      try cases([
        ("live_video", .likely), ("live_video", .noEvidence), ("look_alike", .possible),
        ("look_alike", .noEvidence), ("look_alike", .likely), ("clip", .notAssessed),
        ("grey", nil),
      ]))
    let live = try #require(evaluation.kinds.first { $0.name == "live" })
    #expect(live.total == 2)
    #expect(live.share(atLeast: .likely) == 0.5)
    #expect(evaluation.misses.count == 2)
    #expect(evaluation.falseAlarms.map(\.verdict) == [.likely, .possible])
    #expect(evaluation.missing.count == 1)
    #expect(evaluation.families(.lookAlike).first?.total == 3)
  }
}
