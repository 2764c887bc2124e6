// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct FrameClockTests {
  private func clock(_ sample: SampleRhythm) throws -> FrameClock? {
    FrameClock.find(PacketGroups(try #require(sample.windows().first)))
  }

  @Test(arguments: [5.0, 10, 12.5, 14.985, 20, 25, 29.97, 50, 60])
  func findsTheRate(rate: Double) throws {
    let clock = try #require(try clock(.video(rate: rate)))
    #expect((clock.frequency / rate - 1).magnitude < 0.002)
    #expect(clock.strength > 0.9)
    #expect(clock.lock > 0.9)
  }

  @Test func randomArrivalsHaveNoClock() throws {
    for rate in [5.0, 20, 60] {
      #expect(try clock(.random(rate: rate, bytes: 4_000)) == nil)
    }
  }

  @Test func aPulseEverySecondIsInStepWithEveryHertzButNoClock() throws {
    #expect(try clock(.periodic(rate: 1, bytes: 90_000)) == nil)
    #expect(try clock(.periodic(rate: 2, bytes: 90_000)) == nil)
  }

  @Test func bytesOutOfPhaseVoidTheClock() throws {
    // A keep-alive comb at 10 Hz; nearly all bytes lie between its teeth.
    var sample = SampleRhythm.periodic(rate: 10, bytes: 300)
    for index in 0..<40 {
      sample.records.append((Double(index) / 4 + 0.03 + 0.04 * sample.chance(), 20_000))
    }
    sample.records.sort { $0.time < $1.time }
    #expect(try clock(sample) == nil)
  }
}
