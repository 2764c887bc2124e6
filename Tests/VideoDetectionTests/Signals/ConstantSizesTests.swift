// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct ConstantSizesTests {
  private func excludes(_ sample: SampleRhythm) throws -> Bool {
    ConstantSizes.excludes(PacketGroups(try #require(sample.windows().first)))
  }

  @Test func oneSizeIsNoVideo() throws {
    #expect(try excludes(.periodic(rate: 25, bytes: 16_000)))
    #expect(try !excludes(.periodic(rate: 25, bytes: 16_000, spread: 0.15)))
    #expect(try !excludes(.video()))
  }

  @Test func aFewMergedRecordsChangeNothing() throws {
    var sample = SampleRhythm.periodic(rate: 25, bytes: 16_000)
    for index in stride(from: 10, to: 250, by: 30) { sample.records[index].bytes = 32_000 }
    #expect(try excludes(sample))
  }

  @Test func smallVariationSpeaksAgainst() {
    #expect(ConstantSizes.speaksAgainst(variation: 0.11))
    #expect(!ConstantSizes.speaksAgainst(variation: 0.13))
  }
}
