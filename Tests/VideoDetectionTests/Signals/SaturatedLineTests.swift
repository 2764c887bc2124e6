// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct SaturatedLineTests {
  @Test func aFullLineIsSeen() throws {
    var bulk = SampleRhythm.periodic(rate: 5, bytes: 125_000)
    bulk.lineRate = 630_000
    #expect(SaturatedLine.share(try #require(bulk.windows().first)) > 0.92)
    #expect(SaturatedLine.share(try #require(SampleRhythm.video().windows().first)) < 0.2)
  }
}
