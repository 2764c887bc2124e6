// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@Suite struct StreamReassemblyTests {
  /// The stream that all property tests send.
  private static func stream(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  @Test("Any split, order, repetition and overlap inside the window gives back the bytes")
  func anyOrder() {
    for seed in 0..<200 as Range<UInt64> {
      var random = SeededGenerator(seed)
      let bytes = Self.stream(Int.random(in: 1...4_000, using: &random), &random)
      // The initial sequence number is close to the wrap in every third run.
      let initial: UInt32 =
        seed % 3 == 0 ? UInt32.max - 500 : UInt32.random(in: 0...UInt32.max, using: &random)
      var segments: [TestPacket] = []
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + Int.random(in: 1...300, using: &random))
        let from = max(0, start - Int.random(in: 0...40, using: &random))
        segments.append(
          TestPacket(
            sequenceNumber: initial &+ 1 &+ UInt32(from), payload: Array(bytes[from..<end])))
        start = end
      }
      // Shuffle inside windows of eight segments, then repeat some.
      var ordered: [TestPacket] = []
      for window in stride(from: 0, to: segments.count, by: 8) {
        ordered += segments[window..<min(window + 8, segments.count)].shuffled(using: &random)
      }
      for _ in 0..<ordered.count / 5 {
        let index = Int.random(in: 0..<ordered.count, using: &random)
        ordered.insert(ordered[index], at: min(ordered.count, index + 3))
      }
      var harness = TrackingHarness()
      harness.track([TestPacket(sequenceNumber: initial, tcpFlags: 0x02)])
      for batch in stride(from: 0, to: ordered.count, by: 5) {
        harness.track(Array(ordered[batch..<min(batch + 5, ordered.count)]))
      }
      #expect(harness.streams[.fromOriginator] == bytes.map { $0 }, "seed \(seed)")
      let flow = harness.flows()[0]
      #expect(flow.originator.newPayloadBytes == UInt64(bytes.count), "seed \(seed)")
      #expect(flow.originator.missingBytes == 0)
    }
  }

  @Test("A lost segment is a gap of its size once the receiver acknowledges bytes behind it")
  func lostSegment() {
    var harness = TrackingHarness()
    harness.track([
      TestPacket(sequenceNumber: 99, tcpFlags: 0x02),
      TestPacket(sequenceNumber: 100, payload: [1, 2, 3]),
      TestPacket(sequenceNumber: 113, payload: [9]),
    ])
    #expect(harness.streams[.fromOriginator] == [1, 2, 3])
    harness.track([TestPacket(isReversed: true, sequenceNumber: 7, acknowledgmentNumber: 114)])
    let missing = [UInt8?](repeating: nil, count: 10)
    #expect(harness.streams[.fromOriginator] == [1, 2, 3] + missing + [9])
    let flow = harness.flows()[0]
    #expect(flow.originator.missingBytes == 10)
    #expect(flow.originator.gaps == 1)
    #expect(flow.originator.newPayloadBytes == 4)
  }

  @Test("Without any acknowledgment a hole is given up when the bound of waiting bytes is met")
  func bounded() {
    var harness = TrackingHarness()
    harness.track([
      TestPacket(sequenceNumber: 0, tcpFlags: 0x02), TestPacket(sequenceNumber: 1, payload: [1]),
    ])
    let chunk = [UInt8](repeating: 5, count: 1_000)
    for index in 0..<400 as Range<UInt32> {
      harness.track([TestPacket(sequenceNumber: 12 + index * 1_000, payload: chunk)])
    }
    let stream = harness.streams[.fromOriginator] ?? []
    #expect(stream.count == 1 + 10 + 400_000)
    #expect(stream[1..<11].allSatisfy { $0 == nil })
  }

  @Test("Bytes that the snap length cut off are a gap")
  func cutPayload() {
    var harness = TrackingHarness()
    harness.track([
      TestPacket(sequenceNumber: 1, payload: [1, 2], payloadLength: 5),
      TestPacket(sequenceNumber: 6, payload: [6]),
    ])
    #expect(harness.streams[.fromOriginator] == [1, 2, nil, nil, nil, 6])
  }

  @Test("A stream that begins in the middle is followed from its first segment")
  func midStream() {
    var harness = TrackingHarness()
    harness.track([
      TestPacket(isReversed: true, sequenceNumber: 4_000_000_000, payload: [4, 5]),
      TestPacket(isReversed: true, sequenceNumber: 4_000_000_002, payload: [6]),
    ])
    let flow = harness.flows()[0]
    // Port 554 sent first: it is the responder, and it is said why.
    #expect(flow.originatorBasis == .wellKnownPort)
    #expect(flow.responder.newPayloadBytes == 3)
    #expect(flow.history == "^d")
  }
}
