// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Attribution

@Suite struct MaxMindValueTests {
  private func reader(_ bytes: [UInt8]) -> MaxMindValueReader {
    MaxMindValueReader(bytes: bytes, section: 0, end: bytes.count)
  }

  @Test func readsTexts() {
    #expect(reader([0x42, 0x68, 0x69]).text(0).map { Array($0) } == [0x68, 0x69])
    let long = [UInt8](repeating: 0x61, count: 300)
    #expect(reader([0x5E, 0, 15] + long).text(0)?.count == 300)
    #expect(reader([0x5D, 1] + long).text(0)?.count == 30)
  }

  @Test func readsNumbersAndPointers() {
    #expect(reader([0xA2, 0x01, 0x02]).number(0) == 258)
    #expect(reader([0xC0]).number(0) == 0)
    #expect(reader([0x04, 0x02, 0xFF, 0xFF, 0xFF, 0xFF]).number(0) == 0xFFFF_FFFF)
    #expect(reader([0x01, 0x07]).number(0) == 1)
    #expect(reader([0xA1, 0x07, 0x20, 0x00]).number(2) == 7)
    #expect(reader([0xA1, 0x07, 0x20, 0x00, 0x41, 0x61]).skip(2) == 4)
  }

  @Test(
    arguments: [
      [], [0x42], [0x42, 0x68], [0x20], [0x20, 0x00], [0x20, 0x09], [0x5F, 0xFF, 0xFF, 0xFF],
      [0x00], [0x00, 0xFF],
    ] as [[UInt8]])
  func refusesWhatIsCutOrCircular(bytes: [UInt8]) {
    #expect(reader(bytes).text(0) == nil)
    #expect(reader(bytes).number(0) == nil)
  }

  @Test func depthAndMembersAreBounded() {
    let deep = [UInt8](repeating: 0xE1, count: 10_000)
    #expect(reader(deep).skip(0) == nil)
    let arrays = (0..<5000).flatMap { _ in [0x01, 0x04] as [UInt8] }
    #expect(reader(arrays).skip(0) == nil)
  }
}
