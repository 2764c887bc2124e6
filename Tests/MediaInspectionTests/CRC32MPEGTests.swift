// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MediaInspection

@Suite struct CRC32MPEGTests {
  /// The check value of CRC-32/MPEG-2 is that of the ASCII digits 1 to 9.
  @Test func checkValue() {
    #expect(remainder(Array("123456789".utf8)) == 0x0376_E6E7)
  }

  @Test func agreesWithTheDefinitionAndVanishesOverItself() {
    var random = SeededGenerator(seed: 32)
    for length in 1..<64 {
      let data = random.bytes(length)
      #expect(remainder(data + MediaSamples.crc(data)) == 0)
    }
  }
}
