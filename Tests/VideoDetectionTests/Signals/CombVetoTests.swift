// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct CombVetoTests {
  @Test func voiceAndBulkInOneTunnelAreAComb() throws {
    var sample = SampleRhythm.periodic(rate: 50, bytes: 160)
    for index in 0..<30 { sample.records.append((Double(index) / 3 + 0.1, 15_000)) }
    sample.records.sort { $0.time < $1.time }
    #expect(CombVeto.applies(PacketGroups(try #require(sample.windows().first))))
  }

  @Test func videoIsNone() throws {
    #expect(!CombVeto.applies(PacketGroups(try #require(SampleRhythm.video().windows().first))))
  }
}
