// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct SteadyRateTests {
  @Test func rateAndActiveSecondsAreNeeded() throws {
    #expect(SteadyRate.holds(try #require(SampleRhythm.video().windows().first)))
    let slow = SampleRhythm.periodic(rate: 10, bytes: 300)
    #expect(!SteadyRate.holds(try #require(slow.windows().first)))
    // Fast enough in the mean, but in two seconds of ten only.
    var bursts = SampleRhythm.periodic(rate: 25, bytes: 8_000, seconds: 2)
    bursts.records.append((9.9, 10))
    #expect(!SteadyRate.holds(try #require(bursts.windows().first)))
  }
}
