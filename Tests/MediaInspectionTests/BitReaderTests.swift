// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MediaInspection

@Suite struct BitReaderTests {
  /// Numbers read by `read`, then whether the reader ran out.
  private func read(
    _ data: [UInt8], removing: Bool = false, _ body: (inout BitReader) -> [Int]
  ) -> (values: [Int], isExhausted: Bool) {
    var reader = BitReader(data.span, removingEmulationPrevention: removing)
    let values = body(&reader)
    return (values, reader.isExhausted)
  }

  @Test func readsBitsAcrossBytes() {
    let data: [UInt8] = [0b1010_1100, 0b0101_0011, 0xFF, 0x00, 0x80]
    let result = read(data) {
      var values = [Int($0.readBits(3)), Int($0.readBits(7))]
      values.append($0.readFlag() ? 1 : 0)
      values.append(Int($0.readBits(29)))
      values.append($0.isExhausted ? 1 : 0)
      values.append($0.readFlag() ? 1 : 0)
      return values
    }
    #expect(
      result.values == [0b101, 0b011_0001, 0, 0b1_0011_1111_1111_0000_0000_1000_0000, 0, 0])
    #expect(result.isExhausted)
  }

  @Test func readsThirtyTwoBits() {
    #expect(read([0xDE, 0xAD, 0xBE, 0xEF]) { [Int($0.readBits(32))] }.values == [0xDEAD_BEEF])
  }

  /// The code words of ITU-T H.264 tables 9-2 and 9-3.
  @Test func readsExponentialGolombCodes() {
    // 1 010 011 00100 00101 00110 00111 0001000, then the stop bit.
    let data: [UInt8] = [0b1010_0110, 0b0100_0010, 0b1001_1000, 0b1110_0010, 0b0010_0000]
    let unsigned = read(data) { reader in
      var values: [Int] = []
      for _ in 0..<8 { values.append(Int(reader.readUnsigned())) }
      values.append(reader.isAtTrailingBits() ? 1 : 0)
      return values
    }
    #expect(unsigned.values == [0, 1, 2, 3, 4, 5, 6, 7, 1])
    let signed = read(data) { reader in
      var values: [Int] = []
      for _ in 0..<8 { values.append(Int(reader.readSigned())) }
      return values
    }
    #expect(signed.values == [0, 1, -1, 2, -2, 3, -3, 4])
  }

  @Test func removesEmulationPrevention() {
    let result = read([0, 0, 3, 1, 0, 0, 3, 0, 0, 3, 5], removing: true) { reader in
      var values: [Int] = []
      for _ in 0..<8 { values.append(Int(reader.readBits(8))) }
      return values
    }
    #expect(result.values == [0, 0, 1, 0, 0, 0, 0, 5])
    #expect(!result.isExhausted)
  }

  @Test func longCodesAndEmptyInputEndQuietly() {
    let zeros = read([UInt8](repeating: 0, count: 16)) { [Int($0.readUnsigned())] }
    #expect(zeros.values == [0])
    #expect(zeros.isExhausted)
    let empty = read([], removing: true) {
      let values = [Int($0.readBits(32)), Int($0.readSigned()), $0.isAtTrailingBits() ? 1 : 0]
      $0.skipBits(1 << 40)
      return values
    }
    #expect(empty.values == [0, 0, 0])
    #expect(empty.isExhausted)
  }

  @Test func longestCodeHasThirtyOneZeros() {
    let result = read([0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF]) { [Int($0.readUnsigned())] }
    #expect(result.values == [0xFFFF_FFFE])
    #expect(!result.isExhausted)
  }
}
