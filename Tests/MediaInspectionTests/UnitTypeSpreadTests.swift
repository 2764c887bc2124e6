// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MediaInspection

@Suite struct UnitTypeSpreadTests {
  private func spread(_ bytes: [UInt8]) -> UnitTypeSpread {
    var spread = UnitTypeSpread()
    for byte in bytes { spread.note(byte) }
    return spread
  }

  @Test func randomBytesAreUniform() {
    var random = SeededGenerator(seed: 3)
    #expect(spread(random.bytes(5000)).isUniform)
    #expect(!spread(random.bytes(319)).isUniform)
  }

  @Test func mediaIsNot() {
    #expect(!spread(MediaSamples.h264(pictures: 400).map { $0.payload[0] }).isUniform)
    // Types evenly spread, forbidden bit never set.
    #expect(!spread((0..<640).map { UInt8($0 & 0x1F) }).isUniform)
  }
}
