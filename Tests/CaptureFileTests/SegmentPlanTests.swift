// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import TestSupport
import Testing

@Suite struct SegmentPlanTests {
  /// Reads the file in segments, framed last first, and compares with the reading in order.
  static func expectSame(
    _ bytes: [UInt8], segmentByteCount: Int, blockByteCount: Int = 4096,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Int {
    let file = try TemporaryFile(bytes)
    let inOrder = try Reading(path: file.path)
    let pool = BlockPool(blockByteCount: blockByteCount)
    let reader = try CaptureFileReader(input: CaptureInput(file.path), fileIndex: 0, pool: pool)
    let plan = try #require(
      SegmentPlan(reader, pool: pool, segmentByteCount: segmentByteCount),
      sourceLocation: sourceLocation)
    let segments = (0..<plan.segmentCount).reversed().map { plan.frame(segment: $0) }
    var stitcher = SegmentStitcher(plan, reader: reader)
    var batches: [RecordBatch] = []
    for segment in segments.reversed() { batches += stitcher.append(segment) }
    #expect(packets(of: batches) == inOrder.packets, sourceLocation: sourceLocation)
    var facts = stitcher.facts(of: reader)
    facts.sha256 = reader.digest()
    #expect("\(facts)" == "\(inOrder.facts)", sourceLocation: sourceLocation)
    return stitcher.reframed
  }

  static func pcap(count: Int, random: inout SeededGenerator) -> CaptureBuilder {
    var file = CaptureBuilder.pcap()
    for index in 0..<count {
      // One in ten goes back in time.
      let second = 1_700_000_000 + index - (random.next() % 10 == 0 ? 40 : 0)
      let packet = random.bytes(Int(random.next() % 300) + 1)
      file.record(seconds: UInt32(second), packet, originalLength: UInt32(packet.count + index % 3))
    }
    return file
  }

  static func pcapng(count: Int, random: inout SeededGenerator) -> CaptureBuilder {
    var file = CaptureBuilder.pcapng()
    file.interface()
    file.interface(linkType: 101)
    for index in 0..<count {
      let packet = random.bytes(Int(random.next() % 300) + 1)
      if index % 70 == 0 { file.block(0x0bad, [0, 0, 0, 9]) }
      file.enhancedPacket(
        interface: UInt32(index % 2), ticks: 1_700_000_000_000_000 + random.next() % 100, packet,
        options: index % 20 == 0 ? [.comment("at \(index)")] : [])
    }
    file.statistics(interface: 1, interfaceDropped: 9)
    return file
  }

  @Test func pcapSegmentsEqualTheReadingInOrder() throws {
    var random = SeededGenerator(state: 3)
    let file = Self.pcap(count: 2000, random: &random)
    for size in [5000, 20_000, 100_000] {
      #expect(try Self.expectSame(file.bytes, segmentByteCount: size) == 0, "segments of \(size)")
    }
  }

  @Test func pcapngSegmentsEqualTheReadingInOrder() throws {
    var random = SeededGenerator(state: 4)
    let file = Self.pcapng(count: 2000, random: &random)
    for size in [5000, 20_000, 100_000] {
      #expect(try Self.expectSame(file.bytes, segmentByteCount: size) == 0, "segments of \(size)")
    }
  }

  @Test func aRecordLongerThanSegmentsIsReadOnce() throws {
    var random = SeededGenerator(state: 5)
    var file = Self.pcap(count: 200, random: &random)
    file.record(seconds: 1_700_000_300, random.bytes(60_000))
    for index in 0..<100 { file.record(seconds: UInt32(1_700_000_300 + index), [1, 2]) }
    _ = try Self.expectSame(file.bytes, segmentByteCount: 8192)
  }

  @Test func interfacesInTheMiddleVoidWhatWasGuessed() throws {
    var random = SeededGenerator(state: 6)
    var file = Self.pcapng(count: 300, random: &random)
    file.interface(linkType: 276, options: [.resolution(9)])
    for index in 0..<300 {
      file.enhancedPacket(interface: UInt32(index % 3), ticks: 5, random.bytes(100))
    }
    file.isBigEndian = true
    file.section()
    file.interface(linkType: 113)
    for _ in 0..<300 { file.enhancedPacket(ticks: 1_700_000_000_000_000, random.bytes(100)) }
    #expect(try Self.expectSame(file.bytes, segmentByteCount: 10_000) > 0)
  }

  @Test func packetsWithoutTimeAreTheSame() throws {
    var random = SeededGenerator(state: 7)
    var file = CaptureBuilder.pcapng()
    file.interface()
    for index in 0..<600 {
      if index % 200 == 199 {
        file.enhancedPacket(ticks: UInt64(1_700_000_000_000_000 + index), random.bytes(50))
      } else {
        file.simplePacket(random.bytes(50))
      }
    }
    _ = try Self.expectSame(file.bytes, segmentByteCount: 4096)
  }

  @Test func damageIsTheSame() throws {
    var random = SeededGenerator(state: 8)
    for round in 0..<40 {
      var file =
        round % 2 == 0
        ? Self.pcap(count: 300, random: &random) : Self.pcapng(count: 300, random: &random)
      for _ in 0..<4 {
        let place = 200 + Int(random.next() % UInt64(file.bytes.count - 600))
        for offset in 0..<Int(random.next() % 300) {
          file.bytes[place + offset] = UInt8(truncatingIfNeeded: random.next())
        }
      }
      _ = try Self.expectSame(file.bytes, segmentByteCount: 9000)
    }
  }

  @Test func boundedCommentsAreTheSame() throws {
    var file = CaptureBuilder.pcapng()
    file.interface()
    for index in 0..<1100 {
      let text = String(repeating: "c", count: index % 7 == 0 ? 9000 : 10)
      file.enhancedPacket(ticks: UInt64(index), [1, 2, 3], options: [.comment(text)])
    }
    _ = try Self.expectSame(file.bytes, segmentByteCount: 100_000, blockByteCount: 30_000)
  }
}
