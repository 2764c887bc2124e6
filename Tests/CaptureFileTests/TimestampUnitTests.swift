// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import TestSupport
import Testing

@Suite struct TimestampUnitTests {
  /// The time that a packet with these ticks has.
  static func time(_ ticks: UInt64, resolution: UInt8, offset: Int64? = nil) throws -> Int64? {
    var file = CaptureBuilder.pcapng()
    var options: [CaptureBuilder.Option] = [.resolution(resolution)]
    if let offset {
      var value = CaptureBuilder()
      value.add64(UInt64(bitPattern: offset))
      options.append(.init(14, value.bytes))
    }
    file.interface(options: options)
    file.enhancedPacket(ticks: ticks, [1])
    return try Reading(file.bytes).packets.first?.time
  }

  @Test(arguments: [
    (0, 1_700_000_000, 1_700_000_000_000_000_000),
    (3, 1_700_000_000_123, 1_700_000_000_123_000_000),
    (6, 1, 1000), (9, 1, 1), (12, 1_999, 1), (15, 5_000_000, 5), (27, 1 << 62, 4), (40, 1 << 62, 0),
  ])
  func powersOfTen(code: Int, ticks: Int, expected: Int) throws {
    #expect(
      try Self.time(UInt64(ticks), resolution: UInt8(code)) == Int64(expected), "10^-\(code)")
  }

  @Test(arguments: [
    (0, 7, 7_000_000_000), (1, 3, 1_500_000_000), (20, (1 << 20) + (1 << 19), 1_500_000_000),
    (32, 1 << 31, 500_000_000), (62, 1 << 61, 500_000_000), (63, 1 << 62, 0), (127, 1 << 62, 0),
  ])
  func powersOfTwo(exponent: Int, ticks: Int, expected: Int) throws {
    #expect(
      try Self.time(UInt64(ticks), resolution: UInt8(0x80 | exponent)) == Int64(expected),
      "2^-\(exponent)")
  }

  @Test func countsWithTheHighBitSetAreBefore1970() throws {
    #expect(try Self.time(UInt64.max, resolution: 6) == -1000)
    #expect(try Self.time(UInt64.max, resolution: 12) == -1)
    #expect(try Self.time(UInt64.max, resolution: 0x81) == -500_000_000)
  }

  @Test func absurdTimesBecomeTheNearestThatFit() throws {
    let greatest = UInt64(Int64.max)
    let least = UInt64(bitPattern: .min)
    #expect(try Self.time(greatest, resolution: 6) == .max)
    #expect(try Self.time(greatest, resolution: 0x81) == .max)
    #expect(try Self.time(least, resolution: 6) == .min)
    #expect(try Self.time(least, resolution: 0x81) == .min)
    #expect(try Self.time(greatest, resolution: 9, offset: .max) == .max)
    #expect(try Self.time(least, resolution: 9, offset: .min) == .min)
  }
}
