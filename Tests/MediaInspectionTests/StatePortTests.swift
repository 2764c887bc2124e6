// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import MediaInspection

/// Fields of every kind that a port passes.
private struct EveryField: StorableState, Equatable {
  var large = UInt64(0)
  var signed = Int64(0)
  var small = UInt8(0)
  var truth = false
  var fraction = 0.0
  var optional: UInt8?
  var list: [UInt8] = []
  var numbers: [Int] = []
  var packet: PacketReference?
  var place = PacketReference(file: 0, frame: 0, time: 0)
  var codec = Codec.h264
  var named: Codec?

  mutating func exchange(with port: inout StatePort) {
    port.pass(&large)
    port.pass(&signed)
    port.pass(&small)
    port.pass(&truth)
    port.pass(&fraction)
    port.pass(&optional)
    port.pass(&list)
    port.pass(&numbers, from: 0) { $1.pass(&$0) }
    port.pass(&packet)
    port.pass(&place)
    port.pass(&codec)
    port.pass(&named)
  }

  func passed() -> EveryField {
    var writer = StatePort()
    var copy = self
    copy.exchange(with: &writer)
    var reader = StatePort(reading: writer.finish())
    var result = EveryField()
    result.exchange(with: &reader)
    return result
  }
}

@Suite struct StatePortTests {
  @Test func zerosTakeNearlyNothing() {
    var writer = StatePort()
    var fields = EveryField()
    for _ in 0..<100 { fields.exchange(with: &writer) }
    // A codec's number is none, so 100 times a run of zeros and a number.
    #expect(writer.finish().count <= 400)
    #expect(fields.passed() == fields)
  }

  @Test func everyKindOfFieldComesBack() {
    var random = SeededGenerator(seed: 7)
    for round in 0..<500 {
      var fields = EveryField()
      func number() -> UInt64 { random.next() >> (random.next() & 63) }
      if round % 7 != 0 { fields.large = number() }
      if round % 3 != 0 { fields.signed = Int64(truncatingIfNeeded: number()) }
      if round % 5 != 0 { fields.small = UInt8(truncatingIfNeeded: number()) }
      fields.truth = round % 2 == 0
      fields.fraction = Double(number()) / 1_001
      if round % 4 == 0 { fields.optional = UInt8(truncatingIfNeeded: number()) }
      fields.list = random.bytes(round % 6)
      fields.numbers = (0..<round % 4).map { _ in Int(truncatingIfNeeded: number()) }
      if round % 2 == 0 {
        fields.packet = PacketReference(
          file: UInt32(truncatingIfNeeded: number()), frame: number(),
          time: Int64(truncatingIfNeeded: number()))
      }
      fields.place = PacketReference(file: 1, frame: number(), time: -5)
      fields.codec = Codec.allCases[round % Codec.allCases.count]
      if round % 3 == 0 { fields.named = .vp9 }
      #expect(fields.passed() == fields)
    }
  }

  @Test(arguments: [
    Int64.min, .min + 1, -1, 0, 1, 63, 64, .max - 1, .max,
  ]) func endsOfTheRangeComeBack(value: Int64) {
    var fields = EveryField()
    fields.signed = value
    fields.large = UInt64(bitPattern: value)
    fields.fraction = -0.0
    #expect(fields.passed() == fields)
  }

  /// What breaks off gives something, and no trap.
  @Test func cutBytesAreHarmless() {
    var fields = EveryField()
    fields.list = [1, 2, 3, 4]
    fields.numbers = [5, 6]
    var writer = StatePort()
    fields.exchange(with: &writer)
    let bytes = writer.finish()
    for count in 0..<bytes.count {
      var reader = StatePort(reading: Array(bytes.prefix(count)))
      var result = EveryField()
      result.exchange(with: &reader)
      #expect(result.list.count <= 4)
    }
  }
}
