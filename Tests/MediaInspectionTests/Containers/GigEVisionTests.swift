// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct GigEVisionTests {
  /// Mono8, GenICam's 0x01080001.
  static let mono8: [UInt8] = [0x01, 0x08, 0x00, 0x01]

  static func head(_ block: Int, _ format: UInt8, _ number: Int) -> [UInt8] {
    [0, 0, UInt8(block >> 8 & 0xFF), UInt8(block & 0xFF), format]
      + [16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// Leader, packets and trailer of a picture of 320 x 240.
  static func picture(
    _ block: Int, width: Int = 320, height: Int = 240, format: [UInt8] = mono8, size: Int = 1_440,
    missing: Int = 0
  ) -> [[UInt8]] {
    var leader = head(block, 1, 0) + [0, 0, 0, 1] + [UInt8](repeating: 7, count: 8) + format
    for value in [width, height, 0, 0] { leader += ISOBaseMediaTests.word(value) }
    leader += [0, 0, 0, 0]
    var packets = [leader]
    var left = width * height - missing
    var number = 1
    while left > 0 {
      packets.append(head(block, 3, number) + [UInt8](repeating: 0x55, count: min(size, left)))
      left -= size
      number += 1
    }
    packets.append(head(block, 2, number) + [0, 0, 0, 1] + ISOBaseMediaTests.word(height))
    return packets
  }

  private func units(_ packets: [[UInt8]], second: Double = 0) -> [SampleUnit] {
    packets.map {
      SampleUnit(
        framing: .gigEVision, payload: $0, timestamp: UInt32($0.count), seconds: second)
    }
  }

  @Test func picturesAreProved() throws {
    var all: [SampleUnit] = []
    for block in 1...30 { all += units(Self.picture(block), second: Double(block) / 20) }
    let proof = try #require(inspect(all))
    #expect(proof.isBitstreamProved)
    #expect(proof.container == .gvsp)
    #expect(proof.codec == .raw)
    #expect(proof.width == 320)
    #expect(proof.height == 240)
    #expect(proof.accessUnits == 30)
    #expect(abs((try #require(proof.measuredFramesPerSecond)) - 20) < 0.01)
  }

  /// The snapshot length cuts the bytes, not what the length on the wire says.
  @Test func cutPacketsAreProved() throws {
    var all: [SampleUnit] = []
    for block in 1...3 {
      for var unit in units(Self.picture(block)) {
        unit.payload = Array(unit.payload.prefix(54))
        all.append(unit)
      }
    }
    #expect(try #require(inspect(all)).isBitstreamProved)
  }

  @Test func picturesThatAreNotWholeAreNoProof() throws {
    var all: [SampleUnit] = []
    for block in 1...20 { all += units(Self.picture(block, missing: 2_000)) }
    #expect(try !#require(inspect(all)).isBitstreamProved)
    all = []
    for block in 1...20 {
      var packets = Self.picture(block)
      packets.remove(at: 5)
      all += units(packets)
    }
    #expect(try !#require(inspect(all)).isBitstreamProved)
  }

  @Test func onePictureIsNoVideo() throws {
    #expect(try !#require(inspect(units(Self.picture(1)))).isBitstreamProved)
  }

  @Test func randomDatagramsAreNoPictures() throws {
    var random = SeededGenerator(seed: 3)
    let packets = (0..<400).map { _ in [0, 0] + random.bytes(1_400) }
    #expect(inspect(units(packets))?.isBitstreamProved != true)
  }
}
