// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import TestSupport
import Testing

@Suite struct SnoopTests {
  /// A record of RFC 1761 section 4.
  private static func record(
    _ packet: [UInt8], originalLength: Int, seconds: Int, padding: Int
  ) -> [UInt8] {
    let words = [originalLength, packet.count, 24 + packet.count + padding, 0, seconds, 250_000]
    return words.flatMap { Packet.long($0) } + packet + [UInt8](repeating: 0, count: padding)
  }

  private static let header: [UInt8] =
    Array("snoop".utf8) + [0, 0, 0] + Packet.long(2) + Packet.long(4)

  @Test("Records, padding and cut packets are read")
  func reads() throws {
    let bytes =
      Self.header + Self.record([1, 2, 3], originalLength: 1_500, seconds: 1_000, padding: 1)
      + Self.record([4, 5, 6, 7], originalLength: 4, seconds: 1_001, padding: 0)
    let reading = try Reading(bytes)
    #expect(
      reading.packets == [
        ReadPacket(
          frame: 1, time: 1_000_250_000_000, interface: 0, originalLength: 1_500, bytes: [1, 2, 3]),
        ReadPacket(
          frame: 2, time: 1_001_250_000_000, interface: 0, originalLength: 4, bytes: [4, 5, 6, 7]),
      ])
    #expect(reading.facts.format == .snoop)
    #expect(reading.facts.linkTypes == [.ethernet])
    #expect(reading.facts.truncatedPackets == 1)
  }

  @Test("A file cut at any byte gives the records before the cut and never more")
  func cut() throws {
    let record = Self.record([1, 2, 3], originalLength: 3, seconds: 1_000, padding: 1)
    let bytes = Self.header + record + record + record
    for length in Self.header.count...bytes.count {
      let reading = try Reading(Array(bytes[..<length]))
      #expect(reading.packets.count == (length - Self.header.count) / record.count)
    }
  }

  @Test("Lengths that contradict each other are damage")
  func contradiction() throws {
    var record = Self.record([1, 2, 3], originalLength: 3, seconds: 1_000, padding: 1)
    record[11] = 20
    let reading = try Reading(Self.header + record)
    #expect(reading.packets.isEmpty)
    #expect(!reading.facts.damage.isEmpty)
  }
}
