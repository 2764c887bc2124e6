// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MediaInspection

@Suite struct JPEGXSTests {
  /// Start, capabilities and picture header of ISO/IEC 21122-1 §A.4 for 1920x540.
  static let picture =
    bytes("ff10 ff50 0004 0000 ff12 001a 00010000 4a40 2094 0780 021c")
    + [UInt8](repeating: 0, count: 80)

  static func units(pictures: Int) -> [SampleUnit] {
    var units: [SampleUnit] = []
    var random = SeededGenerator(seed: 21122)
    for frame in 0..<pictures {
      for packet in 0..<10 {
        let header = UInt32(frame & 31) << 22 | UInt32(packet)
        let head = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: header >> UInt32($0)) }
        units.append(
          SampleUnit(
            payload: head + (packet == 0 ? picture : random.bytes(300)),
            timestamp: UInt32(frame) * 1500, seconds: Double(frame) / 60))
      }
    }
    return units
  }

  @Test func streamIsProved() throws {
    let proof = try #require(inspect(Self.units(pictures: 40)))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .jpegxs)
    #expect(proof.width == 1920)
    #expect(proof.height == 540)
    #expect(proof.accessUnits == 40)
  }

  @Test func countersMustCount() {
    var units = Self.units(pictures: 40)
    for index in units.indices where index % 10 == 5 { units[index].payload[3] ^= 0x10 }
    #expect(inspect(units)?.isBitstreamProved == false)
  }
}
