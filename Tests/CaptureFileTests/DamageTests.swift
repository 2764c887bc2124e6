// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import TestSupport
import Testing

@Suite struct DamageTests {
  static func ordinaryPcap(count: Int = 30) -> CaptureBuilder {
    var file = CaptureBuilder.pcap()
    for index in 0..<count {
      file.record(
        seconds: 1_700_000_000 + UInt32(index), Array(repeating: UInt8(index), count: 60 + index))
    }
    return file
  }

  static func ordinaryPcapng(count: Int = 30) -> CaptureBuilder {
    var file = CaptureBuilder.pcapng(options: [.comment("c")])
    file.interface()
    for index in 0..<count {
      file.enhancedPacket(
        ticks: 1_700_000_000_000_000 + UInt64(index),
        Array(repeating: UInt8(index), count: 60 + index))
    }
    return file
  }

  @Test func aCutFileKeepsItsWholeRecords() throws {
    let file = Self.ordinaryPcap(count: 12)
    for length in 24..<file.bytes.count {
      let reading = try Reading(Array(file.bytes[..<length]))
      let starts = file.starts + [file.bytes.count]
      let whole = starts.dropFirst().prefix { $0 <= length }.count
      #expect(reading.packets.count == whole, "cut at \(length)")
      let start = starts[whole]
      let left = UInt64(length - start)
      let expected =
        left == 0
        ? []
        : [CaptureDamage(offset: UInt64(start), reason: .truncatedRecord, bytesSkipped: left)]
      #expect(reading.facts.damage == expected, "cut at \(length)")
    }
  }

  @Test func aCutPcapngKeepsItsWholeBlocks() throws {
    let file = Self.ordinaryPcapng(count: 12)
    for length in 12..<file.bytes.count {
      let reading = try Reading(Array(file.bytes[..<length]))
      let ends = file.starts.dropFirst() + [file.bytes.count]
      let whole = ends.prefix { $0 <= length }.count
      #expect(reading.packets.count == max(0, whole - 2), "cut at \(length)")
      let left = length - (([0] + ends)[whole])
      #expect(reading.facts.damage.count == (left == 0 ? 0 : 1), "cut at \(length)")
    }
  }

  @Test func lessThanAHeaderIsNoCapture() throws {
    let file = Self.ordinaryPcap()
    for length in 0..<24 {
      #expect(throws: CaptureError.self) { try Reading(Array(file.bytes[..<length])) }
    }
    #expect(throws: CaptureError.self) { try Reading(Array("plain text, no capture".utf8)) }
  }

  @Test func readingGoesOnAfterABadLength() throws {
    for field in [8, 11] {
      var file = Self.ordinaryPcap()
      file.bytes[file.starts[5] + field] = 0xff
      let reading = try Reading(file.bytes)
      // A length that is still possible takes the two records behind it along.
      #expect(reading.packets.count >= 27, "field \(field)")
      #expect(reading.facts.damageCount == 1)
    }
  }

  @Test func saysWhereAndHowMuchWasLeftOut() throws {
    var file = Self.ordinaryPcap()
    file.bytes[file.starts[5] + 11] = 0xff
    let reading = try Reading(file.bytes)
    let expected = CaptureDamage(
      offset: UInt64(file.starts[5]), reason: .badRecordLength,
      bytesSkipped: UInt64(file.starts[6] - file.starts[5]))
    #expect(reading.facts.damage == [expected])
    #expect(reading.packets.count == 29)
    #expect(reading.packets[5].bytes.count == 66)
  }

  @Test func readingGoesOnAfterForeignBytes() throws {
    var random = SeededGenerator(state: 9)
    for foreignCount in [1, 5, 1000, 300_000, 3_000_000] {
      var file = Self.ordinaryPcap()
      file.bytes.insert(contentsOf: random.bytes(foreignCount), at: file.starts[10])
      let reading = try Reading(file.bytes)
      #expect(reading.packets.count >= 26, "\(foreignCount) bytes: \(reading.facts.damage)")
      var second = Self.ordinaryPcapng()
      second.bytes.insert(contentsOf: random.bytes(foreignCount), at: second.starts[12])
      #expect(try Reading(second.bytes).packets.count >= 29, "\(foreignCount) bytes")
    }
  }

  @Test func pcapngGoesOnAfterBlocksWhoseLengthsDiffer() throws {
    var file = Self.ordinaryPcapng()
    file.bytes[file.starts[12] - 4] ^= 0x10
    let reading = try Reading(file.bytes)
    #expect(reading.packets.count == 29)
    #expect(reading.facts.damage.map(\.reason) == [.badBlockLength])
    #expect(reading.facts.damage.first?.offset == UInt64(file.starts[11]))
    #expect(reading.facts.bytesSkipped == UInt64(file.starts[12] - file.starts[11]))
  }

  @Test func flippedBitsNeverStopTheReading() throws {
    let files = [Self.ordinaryPcap(count: 14), Self.ordinaryPcapng(count: 14)]
    for file in files {
      for place in 24..<file.bytes.count {
        var damaged = file.bytes
        damaged[place] ^= UInt8(1 << (place % 8))
        guard let reading = try? Reading(damaged) else { continue }
        #expect(reading.facts.packets == UInt64(reading.packets.count))
      }
    }
  }

  @Test func lengthsOfZeroOneAndAllOnesDoNoHarm() throws {
    for value: UInt8 in [0, 1, 0xff] {
      for file in [Self.ordinaryPcap(count: 14), Self.ordinaryPcapng(count: 14)] {
        for start in file.starts {
          for field in stride(from: 0, to: 28, by: 4) where start + field + 4 <= file.bytes.count {
            var damaged = file.bytes
            for offset in 0..<4 { damaged[start + field + offset] = value }
            _ = try? Reading(damaged)
          }
        }
      }
    }
  }

  @Test func aHugeLengthCostsNoMemoryOfItsSize() throws {
    var file = CaptureBuilder.pcap(snapLength: 60 << 20)
    file.record(seconds: 1, [1, 2, 3], capturedLength: 60 << 20)
    let reading = try Reading(file.bytes)
    #expect(reading.facts.damage.map(\.reason) == [.truncatedRecord])
  }

  @Test func aRecordLargerThanABlockIsRead() throws {
    var file = CaptureBuilder.pcap(snapLength: 1 << 20)
    let packet = [UInt8](repeating: 7, count: 1 << 20)
    file.record(seconds: 1, packet)
    file.record(seconds: 2, [1])
    let reading = try Reading(file.bytes)
    #expect(reading.packets.map(\.bytes.count) == [1 << 20, 1])
    #expect(reading.facts.damage.isEmpty)
  }
}
