// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import FlowTracking

@Suite("A glance at a flow shows what the flow read in whole shows")
struct FlowGlanceTests {
  private func expectSame(
    _ glance: FlowGlance.Side, _ counters: FlowCounters,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(glance.packets == counters.packets, sourceLocation: sourceLocation)
    #expect(glance.payloadBytes == counters.payloadBytes, sourceLocation: sourceLocation)
    #expect(glance.newPayloadBytes == counters.newPayloadBytes, sourceLocation: sourceLocation)
    #expect(glance.missingBytes == counters.missingBytes, sourceLocation: sourceLocation)
    #expect(glance.macAddress == counters.macAddress, sourceLocation: sourceLocation)
  }

  /// Flows in order and out of order, with copies, holes, one side only, much payload, and no ports.
  private func flows() -> FlowCollection {
    var harness = TrackingHarness()
    harness.track([
      TestPacket(sequenceNumber: 10, tcpFlags: 0x02),
      TestPacket(
        time: 1, isReversed: true, sequenceNumber: 90, acknowledgmentNumber: 11, tcpFlags: 0x12),
      TestPacket(time: 2, sequenceNumber: 11, payload: [1, 2, 3, 4]),
      TestPacket(time: 3, sequenceNumber: 11, payload: [1, 2, 3, 4]),
      TestPacket(time: 4, sequenceNumber: 40, payload: [9]),
      TestPacket(time: 5, isReversed: true, sequenceNumber: 91, acknowledgmentNumber: 41),
      TestPacket(time: 6, protocolNumber: 17, payload: [7, 7], fingerprint: 99),
      TestPacket(time: 7, protocolNumber: 17, payload: [7, 7], fingerprint: 99),
      TestPacket(time: 8, isReversed: true, protocolNumber: 17, payload: [1], fingerprint: 98),
      TestPacket(
        time: 9, isReversed: true, sourcePort: 1, payload: Array(repeating: 5, count: 40_000)),
      TestPacket(time: 10, protocolNumber: 50, payload: [1]),
    ])
    return harness.collection()
  }

  @Test func ofATable() {
    let flows = flows()
    #expect(flows.count == 4)
    #expect(flows.shardCount == 1)
    #expect(flows.count(ofShard: 0) == 4)
    #expect(flows.contains { $0.originator.duplicatePackets > 0 })
    #expect(flows.contains { $0.originator.missingBytes > 0 })
    #expect(flows.contains { $0.timeBins != nil })
    var glance = FlowGlance()
    for position in flows.indices {
      let flow = flows[position]
      let spot = flows.spot(position)
      flows.glance(at: spot, into: &glance)
      expectSame(glance.originator, flow.originator)
      expectSame(glance.responder, flow.responder)
      #expect(glance.place == flow.place)
      #expect(glance.number == flows.number(at: spot))
      #expect(glance.endpoints.originatorAddress == flow.originatorAddress)
      #expect(glance.endpoints.responderPort == flow.responderPort)
      #expect(glance.endpoints.protocolNumber == flow.protocolNumber)
      #expect(glance.truncatedPackets == flow.truncatedPackets)
      #expect(glance.firstTime == flow.firstPacket.time)
      #expect(glance.lastTime == flow.lastTime)
      #expect(glance.hasTimeBins == (flow.timeBins != nil))
      #expect(flows.firstPacket(at: spot) == flow.firstPacket)
      #expect(flows.flow(atSpot: spot).id == flow.id)
      let ends = flows.ends(at: spot)
      #expect(ends.originatorAddress == flow.originatorAddress)
      #expect(ends.responderAddress == flow.responderAddress)
      #expect(ends.number == glance.number)
      #expect(ends.isOriginatorShown)
      #expect(
        ends.isResponderShown
          == (flow.responder.packets > 0 || flow.originator.payloadBytes > 0))
    }
  }

  @Test func ofSavedFlows() {
    let whole = Array(flows())
    let saved = FlowCollection(saved: whole)
    #expect(saved.shardCount == 1)
    #expect(saved.count(ofShard: 0) == whole.count)
    var glance = FlowGlance()
    for (position, flow) in whole.enumerated() {
      let spot = saved.spot(position)
      saved.glance(at: spot, into: &glance)
      expectSame(glance.originator, flow.originator)
      expectSame(glance.responder, flow.responder)
      #expect(glance.number == UInt64(position))
      #expect(saved.ends(at: spot).originatorAddress == flow.originatorAddress)
      #expect(saved.flow(atSpot: spot).id == flow.id)
    }
  }
}
