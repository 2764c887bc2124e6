// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@Suite struct FlowTableTests {
  private static let second: Int64 = 1_000_000_000

  @Test("A connection has Zeek's history, originator by SYN, and ends closed")
  func connection() {
    var harness = TrackingHarness()
    harness.track([
      TestPacket(sequenceNumber: 10, tcpFlags: 0x02),
      TestPacket(
        isReversed: true, sequenceNumber: 90, acknowledgmentNumber: 11, tcpFlags: 0x12),
      TestPacket(sequenceNumber: 11, acknowledgmentNumber: 91),
      TestPacket(sequenceNumber: 11, acknowledgmentNumber: 91, payload: [1, 2]),
      TestPacket(isReversed: true, sequenceNumber: 91, acknowledgmentNumber: 13, payload: [3]),
      TestPacket(sequenceNumber: 13, acknowledgmentNumber: 92, tcpFlags: 0x11),
      TestPacket(
        isReversed: true, sequenceNumber: 92, acknowledgmentNumber: 14, tcpFlags: 0x11),
    ])
    let flow = harness.flows()[0]
    #expect(flow.history == "ShADdFf")
    #expect(flow.originatorBasis == .syn)
    #expect(flow.endReason == .closed)
    #expect(flow.originator.packets == 4)
    #expect(flow.responder.packets == 3)
    #expect(flow.originator.payloadBytes == 2)
    #expect(flow.originatorPort == 40_000)
  }

  @Test("Of a connection that both ends finished, what was lost may come again for a second")
  func whatFollowsTheEnd() {
    var harness = TrackingHarness()
    harness.track([
      TestPacket(sequenceNumber: 10, payload: [1]),
      TestPacket(sequenceNumber: 11, tcpFlags: 0x11),
    ])
    let isOverHalfClosed = harness.isOver(0, at: 4 * Self.second)
    harness.track([TestPacket(time: 5, isReversed: true, sequenceNumber: 90, tcpFlags: 0x11)])
    let isOverAtOnce = harness.isOver(0, at: Self.second)
    let isOverLater = harness.isOver(0, at: Self.second + 6)
    #expect(!isOverHalfClosed)
    #expect(!isOverAtOnce)
    #expect(isOverLater)
  }

  @Test("When the SYN was lost, SYN and ACK tell who opened the connection")
  func lostSYN() {
    var harness = TrackingHarness()
    harness.track([
      TestPacket(
        isReversed: true, sequenceNumber: 90, acknowledgmentNumber: 11, tcpFlags: 0x12),
      TestPacket(sequenceNumber: 11, acknowledgmentNumber: 91, payload: [1]),
    ])
    let flow = harness.flows()[0]
    #expect(flow.originatorBasis == .synAck)
    #expect(flow.originatorPort == 40_000)
    #expect(flow.originator.payloadBytes == 1)
  }

  @Test("A SYN with another sequence number starts a new flow, a repeated SYN does not")
  func newConnection() {
    var harness = TrackingHarness()
    harness.track([
      TestPacket(sequenceNumber: 10, tcpFlags: 0x02),
      TestPacket(time: 1, sequenceNumber: 10, tcpFlags: 0x02),
      TestPacket(time: 2, sequenceNumber: 5_000, tcpFlags: 0x02),
    ])
    let flows = harness.flows()
    #expect(flows.count == 2)
    #expect(flows[0].originator.packets == 2)
    #expect(flows[0].endReason == .newConnection)
    #expect(flows[1].id == 2)
  }

  @Test("Idle timeouts split flows as Zeek does; off keeps one flow")
  func idleTimeout() {
    let packets = [0, 59, 120].map {
      TestPacket(time: Int64($0) * Self.second, protocolNumber: 17, payload: [1])
    }
    var split = TrackingHarness()
    split.track(packets)
    #expect(split.flows().map(\.originator.packets) == [2, 1])
    var configuration = FlowTrackingConfiguration()
    configuration.idleTimeouts = .off
    var whole = TrackingHarness(configuration)
    whole.track(packets)
    #expect(whole.flows().map(\.originator.packets) == [3])
  }

  @Test("Retransmissions and keep-alives are no new payload")
  func retransmission() {
    var harness = TrackingHarness()
    harness.track([
      TestPacket(sequenceNumber: 1, payload: [1, 2, 3, 4]),
      TestPacket(sequenceNumber: 1, payload: [1, 2, 3, 4]),
      TestPacket(sequenceNumber: 4, payload: [0]),
      TestPacket(sequenceNumber: 3, payload: [3, 4, 5]),
    ])
    let flow = harness.flows()[0]
    #expect(flow.originator.payloadBytes == 12)
    #expect(flow.originator.newPayloadBytes == 5)
    #expect(flow.originator.keepAlives == 1)
    #expect(flow.history.contains("T"))
  }

  @Test("Copies within 200 ms are counted but are no new packets")
  func duplicates() {
    var harness = TrackingHarness()
    harness.track([
      TestPacket(time: 0, protocolNumber: 17, payload: [1, 2], fingerprint: 42),
      TestPacket(time: 199_000_000, protocolNumber: 17, payload: [1, 2], fingerprint: 42),
      TestPacket(time: 500_000_000, protocolNumber: 17, payload: [1, 2], fingerprint: 42),
    ])
    #expect(harness.events.filter { $0.kind == .datagram }.count == 2)
    let flow = harness.flows()[0]
    #expect(flow.originator.packets == 3)
    #expect(flow.originator.duplicatePackets == 1)
    #expect(flow.originator.newPayloadBytes == 4)
    #expect(flow.originator.uniqueWireBytes == flow.originator.wireBytes / 3 * 2)
  }

  @Test("Seconds sum to the flow's totals, whatever the threshold and a clock that jumps")
  func timeBins() throws {
    var random = SeededGenerator(3)
    var configuration = FlowTrackingConfiguration()
    configuration.idleTimeouts = .off
    var harness = TrackingHarness(configuration)
    for step in 0..<2_000 {
      let jump: Int64 = step >= 1_500 ? 100 * 365 * 86_400 * Self.second : 0
      harness.track([
        TestPacket(
          time: Int64(step) * 40_000_000 + jump, protocolNumber: 17,
          payload: Array(repeating: 7, count: Int.random(in: 10...900, using: &random)))
      ])
    }
    let flows = harness.flows()
    for flow in flows {
      guard let bins = flow.timeBins else { continue }
      #expect(bins.bins.count <= 3_600)
      #expect(
        bins.bins.reduce(0) { $0 + UInt64($1.wireBytes.originator) } == flow.originator.wireBytes)
      #expect(
        bins.bins.reduce(0) { $0 + UInt64($1.newPayloadBytes.originator) }
          == flow.originator.newPayloadBytes)
    }
    #expect(flows.contains { $0.timeBins != nil })
  }

  @Test("A pause of a second separates bursts")
  func bursts() {
    var harness = TrackingHarness()
    let chunk = [UInt8](repeating: 1, count: 1_000)
    for burst in 0..<3 {
      for step in 0..<100 {
        harness.track([
          TestPacket(
            time: Int64(burst) * 5 * Self.second + Int64(step) * 10_000_000, protocolNumber: 17,
            payload: chunk)
        ])
      }
    }
    let bursts = harness.flows()[0].bursts
    #expect(bursts.map(\.bytes) == [100_000, 100_000, 100_000])
    #expect(bursts[1].firstTime == 5 * Self.second)
    #expect(bursts[1].lastTime == 5 * Self.second + 990_000_000)
  }

  @Test("Many flows keep their own counters while the index grows")
  func growth() {
    var harness = TrackingHarness()
    for round in 0..<2 {
      for port in 1...3_000 as ClosedRange<UInt16> {
        harness.track([
          TestPacket(
            time: Int64(round), protocolNumber: 17, sourcePort: 2_000 + port,
            payload: Array(repeating: 0, count: Int(port % 50) + 1))
        ])
      }
    }
    let flows = harness.flows()
    #expect(flows.count == 3_000)
    #expect(flows.allSatisfy { $0.originator.packets == 2 })
    #expect(
      flows.allSatisfy {
        $0.originator.payloadBytes == 2 * (UInt64($0.originatorPort - 2_000) % 50 + 1)
      })
  }
}
