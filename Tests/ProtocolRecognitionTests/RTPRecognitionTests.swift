// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct RTPRecognitionTests {
  /// 25 frames a second of two packets.
  static func video(_ traffic: inout Traffic, packets: Int, flow: UInt32 = 0) {
    for number in 0..<packets {
      let frame = number / 2
      traffic.send(
        rtpPacket(
          sequence: UInt16(truncatingIfNeeded: number), timestamp: UInt32(frame * 3_600),
          marker: number % 2 == 1, payload: [0x41, UInt8(truncatingIfNeeded: number), 3]),
        flow: flow, after: number % 2 == 0 ? 39_000_000 : 1_000_000)
    }
  }

  @Test func everyPacketReachesTheInspectorFromTheFirst() {
    var traffic = Traffic()
    Self.video(&traffic, packets: 100)
    #expect(traffic.log.units.count == 100)
    #expect(traffic.log.units.map { $0.bytes[1] } == (0..<100).map { UInt8($0) })
    #expect(traffic.log.units.allSatisfy { $0.unit.stream == 0 && $0.unit.framing == .rtpPayload })
    let result = traffic.finish()
    #expect(result.streams.count == 1)
    #expect(result.streams[0].rtp?.stream.level == .proven)
    #expect(result.streams[0].evidence.count == 3)
    #expect(result.flows.first?.service == .rtp)
    #expect(traffic.table.interests.isEmpty)
  }

  @Test func startsLateInAFlow() {
    var traffic = Traffic()
    for number in 0..<100 { traffic.send([0x7F, 0x55, UInt8(number), 1, 2, 3, 4, 5, 6, 7, 8, 9]) }
    Self.video(&traffic, packets: 60)
    #expect(traffic.finish().streams.first?.rtp?.stream.uniquePackets == 60)
  }

  @Test func manySourcesAreBounded() {
    var traffic = Traffic()
    for number in 0..<2_000 {
      traffic.send(
        rtpPacket(sequence: UInt16(number), timestamp: 1, source: UInt32(number) &* 2_654_435_761))
    }
    let result = traffic.finish()
    #expect(result.streams.isEmpty)
    #expect(traffic.table.interests[0]?[.fromOriginator] == FlowInterest.none)
    // A stream among them would not have been found: that is said, once a direction.
    #expect(result.overflow.map(\.name) == ["rtp_sources"])
    #expect(result.overflow.map(\.count.count) == [1])
  }

  /// A stream that is found among strangers, and one that is not.
  @Test(arguments: [(3, true), (4, false)])
  func aStreamBetweenStrangers(strangers: Int, isFound: Bool) {
    var traffic = Traffic()
    var source: UInt32 = 1
    for number in 0..<60 as Range<UInt16> {
      traffic.send(
        rtpPacket(sequence: number, timestamp: UInt32(number) * 3_600), after: 40_000_000)
      for _ in 0..<strangers {
        source = source &* 1_664_525 &+ 1_013_904_223
        traffic.send(rtpPacket(sequence: 9, timestamp: 1, source: source))
      }
    }
    let result = traffic.finish()
    #expect(result.streams.count == (isFound ? 1 : 0))
    #expect(result.overflow.map(\.name) == ["rtp_sources"])
  }

  /// Random bytes, of which a quarter has the form of RTP, miss no stream.
  @Test func randomDatagramsAreNoCrowd() {
    var traffic = Traffic()
    var state: UInt64 = 7
    for _ in 0..<250 {
      var bytes: [UInt8] = []
      for _ in 0..<6 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes += withUnsafeBytes(of: state >> 32) { Array($0.prefix(4)) }
      }
      traffic.send(bytes)
    }
    #expect(traffic.finish().overflow.isEmpty)
  }

  @Test func senderReportIsJoined() {
    var traffic = Traffic()
    Self.video(&traffic, packets: 50)
    traffic.send(
      [0x80, 200, 0, 6] + bigEndian(0x1122_3344 as UInt32) + bigEndian(5 as UInt64)
        + bigEndian(9 as UInt32) + bigEndian(50 as UInt32) + bigEndian(150 as UInt32))
    traffic.send(
      [0x81, 201, 0, 7] + bigEndian(7 as UInt32) + bigEndian(0x1122_3344 as UInt32)
        + bigEndian(0x0100_0002 as UInt32) + bigEndian(49 as UInt32) + bigEndian(0 as UInt32)
        + bigEndian(0 as UInt64), from: .fromResponder)
    let rtp = traffic.finish().streams.first?.rtp
    #expect(rtp?.senderReport?.packets == 50)
    #expect(rtp?.senderReport?.payloadBytes == 150)
    #expect(rtp?.receiverReports == 1)
    #expect(rtp?.receiverHighestSequence == 49)
    #expect(rtp?.receiverLost == 2)
  }

  /// Datagrams of one flow in the two tests below; level 2 needs 32.
  static let flowLength = 40

  /// classifier.md §2.7: none of 20,000 random flows may reach a level.
  @Test func randomFlowsAreNotRTP() {
    var random = SplitMix(state: 20_261_121)
    var reached = 0
    var datagrams = [[UInt8]](repeating: [UInt8](repeating: 0, count: 16), count: Self.flowLength)
    for _ in 0..<20_000 {
      for number in datagrams.indices {
        let words = (random.next(), random.next())
        for index in 0..<8 {
          datagrams[number][index] = UInt8(truncatingIfNeeded: words.0 >> UInt64(8 * index))
          datagrams[number][index + 8] = UInt8(truncatingIfNeeded: words.1 >> UInt64(8 * index))
        }
      }
      var traffic = Traffic()
      traffic.send(datagrams: datagrams, interval: 20_000_000)
      reached += traffic.finish().streams.count
    }
    #expect(reached == 0)
  }

  /// classifier.md §2.7: fixed bytes, a counter for the sequence number, a constant for the SSRC,
  /// and something else for the timestamp never reach level 3.
  @Test func structuredFlowsAreNotProven() {
    var random = SplitMix(state: 7)
    var consistent = 0
    var proven = 0
    var datagrams = [[UInt8]](repeating: [UInt8](repeating: 0, count: 16), count: Self.flowLength)
    for flow in 0..<20_000 {
      let words = (random.next(), random.next())
      let fixed = UInt32(truncatingIfNeeded: words.0 >> 32)
      let interval = Int64(words.1 % 40_000_000 + 1_000_000)
      for number in datagrams.indices {
        let timestamp: UInt32 =
          switch flow % 4 {
          case 0: fixed
          case 1: UInt32(truncatingIfNeeded: random.next())
          case 2: fixed &+ UInt32(truncatingIfNeeded: Int64(number) * interval / 1_000_000)
          default: fixed &+ UInt32(random.next() % 256)
          }
        datagrams[number][0] = 0x80
        datagrams[number][1] = UInt8(truncatingIfNeeded: words.1 >> 40) & 0x3F
        datagrams[number][3] = UInt8(number)
        for index in 0..<4 {
          datagrams[number][4 + index] = UInt8(
            truncatingIfNeeded: timestamp >> UInt32(24 - 8 * index))
          datagrams[number][8 + index] = UInt8(truncatingIfNeeded: words.0 >> UInt64(8 * index))
        }
      }
      var traffic = Traffic()
      traffic.send(datagrams: datagrams, interval: interval)
      for stream in traffic.finish().streams {
        consistent += stream.rtp?.stream.level == .consistent ? 1 : 0
        proven += stream.rtp?.stream.level == .proven ? 1 : 0
      }
    }
    #expect(proven == 0)
    // The test is worth something only while its flows come close.
    #expect(consistent > 1_000)
  }
}
