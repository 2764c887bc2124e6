// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// The finished flows of all shards, in order of their first packets.
///
/// Lazy: a `Flow` is made when it is asked for, so that millions of flows cost no more than their
/// tables.
public struct FlowCollection: RandomAccessCollection, Sendable {
  private let shards: [FinishedFlowTable]
  /// Places in order of the flows' first packets.
  private let order: [FlowPlace]
  private let translated: TranslatedFlows
  /// Flows that were read back from a saved analysis, instead of tables.
  private let saved: [Flow]?

  /// Joins the tables of all shards.
  ///
  /// - Complexity: O(*n* log *s*) for *n* flows in *s* shards.
  package init(_ tables: [FinishedFlowTable]) {
    shards = tables
    order = Self.merged(tables)
    translated = TranslatedFlows(tables)
    saved = nil
  }

  /// Takes flows as they are, in order of their ids; they have no places.
  package init(saved flows: [Flow]) {
    shards = []
    order = []
    translated = TranslatedFlows([])
    saved = flows
  }

  /// The index of the first flow.
  public var startIndex: Int { 0 }
  /// The number of flows.
  public var endIndex: Int { saved?.count ?? order.count }
  /// The flow whose id is `position + 1`.
  public subscript(position: Int) -> Flow {
    if let saved { return saved[position] }
    return flow(at: order[position], id: position + 1)
  }

  /// The place of the flow at `position`.
  package func place(_ position: Int) -> FlowPlace { order[position] }

  /// The id of the flow at a place: its rank by first packet, from 1.
  ///
  /// - Complexity: O(*s* log *n*).
  package func id(of place: FlowPlace) -> Int {
    let number = shards[Int(place.shard)].firstNumber(place.index)
    var low = 0
    var high = order.count
    while low < high {
      let middle = (low + high) / 2
      let candidate = order[middle]
      if shards[Int(candidate.shard)].firstNumber(candidate.index) < number {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low + 1
  }

  /// The endpoints of the flow at a place.
  package func endpoints(at place: FlowPlace) -> FlowEndpoints {
    shards[Int(place.shard)].endpoints(place.index)
  }

  /// The flow at a place.
  package func flow(at place: FlowPlace) -> Flow {
    flow(at: place, id: id(of: place))
  }

  private func flow(at place: FlowPlace, id: Int) -> Flow {
    var flow = shards[Int(place.shard)].flow(at: place, id: id)
    if let other = translated[place] { flow.translatedFlow = self.id(of: other) }
    return flow
  }

  /// Merges the shards' flows, which are in order within each, by a heap of their heads.
  private static func merged(_ tables: [FinishedFlowTable]) -> [FlowPlace] {
    var result: [FlowPlace] = []
    result.reserveCapacity(tables.reduce(0) { $0 + $1.count })
    var heads: [(number: UInt64, place: FlowPlace)] = []
    func siftDown(_ start: Int) {
      var parent = start
      while true {
        var child = 2 * parent + 1
        guard child < heads.count else { return }
        if child + 1 < heads.count, heads[child + 1].number < heads[child].number { child += 1 }
        guard heads[child].number < heads[parent].number else { return }
        heads.swapAt(parent, child)
        parent = child
      }
    }
    for (shard, table) in tables.enumerated() where table.count > 0 {
      heads.append(
        (table.firstNumber(0), FlowPlace(shard: UInt32(truncatingIfNeeded: shard), index: 0)))
    }
    for start in stride(from: heads.count / 2, through: 0, by: -1) where start < heads.count {
      siftDown(start)
    }
    while let head = heads.first {
      result.append(head.place)
      let table = tables[Int(head.place.shard)]
      let next = head.place.index + 1
      if Int(next) < table.count {
        heads[0] = (table.firstNumber(next), FlowPlace(shard: head.place.shard, index: next))
      } else {
        let last = heads.removeLast()
        if heads.isEmpty { break }
        heads[0] = last
      }
      siftDown(0)
    }
    return result
  }
}

/// One shard's flows after the last packet; read-only, so that threads may share it.
package final class FinishedFlowTable: @unchecked Sendable {
  private let table: FlowTable

  /// Takes over a table that `FlowTable.finish(into:)` has closed.
  package init(_ table: consuming FlowTable) {
    self.table = table
  }

  /// Number of flows.
  package var count: Int { table.count }

  /// Packets counted as copies of others.
  package var duplicatePackets: UInt64 { table.duplicatePackets }

  /// Wire bytes of those copies.
  package var duplicateWireBytes: UInt64 { table.duplicateWireBytes }

  /// What first payloads left behind.
  package var firstPayloads: [FirstPayload] { table.firstPayloads }

  /// Flows whose first payload was not noted, because there was no room.
  package var firstPayloadsLeftOut: UInt64 { table.firstPayloadsLeftOut }

  /// Copies by where both were captured.
  package var duplicateRoutes: [DuplicateRoute] { table.duplicateRoutes }

  /// Packets of flows beyond the bound, counted to remainders.
  package var foldedPackets: UInt64 { table.foldedPackets }
  /// Directions whose holes were given up because all streams together held back too much.
  package var streamsGivenUp: UInt64 { table.waitingBudget.givenUp }

  /// Running number of a flow's first packet.
  package func firstNumber(_ index: UInt32) -> UInt64 {
    table.origins[Int(index)].firstNumber
  }

  /// The endpoints of a flow.
  package func endpoints(_ index: UInt32) -> FlowEndpoints { table.endpoints(of: index) }

  /// The flow at a place of this shard.
  package func flow(at place: FlowPlace, id: Int) -> Flow {
    let entry = table.entries[Int(place.index)]
    let origin = table.origins[Int(place.index)]
    let index = Int(entry.detail) - 1
    let detail = index >= 0 && index < table.details.count ? table.details[index] : nil
    var flow = Flow(
      id: id, place: place, endpoints: entry.endpoints,
      firstPacket: PacketReference(
        file: origin.firstFile, frame: origin.firstFrame, time: origin.earliestTime),
      lastTime: max(entry.lastTime.originator, entry.lastTime.responder))
    flow.originatorBasis = OriginatorBasis(code: origin.originatorBasis)
    flow.endReason = FlowEndReason(code: origin.endReason)
    flow.originator = entry.counters(.fromOriginator, origin, detail)
    flow.responder = entry.counters(.fromResponder, origin, detail)
    flow.vlan = origin.vlan == DecodedPacket.noVLAN ? nil : origin.vlan
    flow.tunnelCode = origin.tunnel
    flow.connectionHistory = origin.history
    if flow.protocolNumber == 1 || flow.protocolNumber == 58 {
      flow.firstMessage = UInt16(truncatingIfNeeded: origin.initialSequence.originator)
    }
    flow.truncatedPackets = UInt64(entry.truncatedPackets)
    flow.isRemainder = entry.state.contains(.isRemainder)
    if let detail {
      if detail.hasTimeBins { flow.timeBins = detail.timeBins }
      flow.bursts = detail.bursts.sorted { $0.firstTime < $1.firstTime }
    }
    return flow
  }
}

extension FlowEntry {
  func counters(
    _ direction: FlowDirection, _ origin: FlowOrigin, _ detail: FlowDetail?
  ) -> FlowCounters {
    var result = FlowCounters()
    result.packets = UInt64(packets[direction]) | UInt64(origin.packetCarry[direction]) << 32
    result.wireBytes = wireBytes[direction]
    result.payloadBytes = payloadBytes[direction]
    result.tcpFlags = tcpFlags[direction]
    if origin.firstTime[direction] != .min {
      result.firstTime = origin.firstTime[direction]
      result.lastTime = lastTime[direction]
      result.timeToLive = UInt8(truncatingIfNeeded: origin.link[direction] >> 8)
      result.trafficClass = UInt8(truncatingIfNeeded: origin.link[direction])
      let address = origin.link[direction] >> 16
      if address != FlowOrigin.noLink >> 16 { result.macAddress = MACAddress(bits: address) }
    }
    guard let detail else { return result }
    result.duplicatePackets = detail.duplicatePackets[direction]
    result.duplicateWireBytes = detail.duplicateWireBytes[direction]
    result.duplicatePayloadBytes = detail.duplicatePayloadBytes[direction]
    result.retransmittedBytes = detail.retransmittedBytes[direction]
    result.missingBytes = detail.missingBytes[direction]
    result.gaps = detail.gaps[direction]
    result.outOfOrder = detail.outOfOrder[direction]
    result.zeroWindows = detail.zeroWindows[direction]
    result.keepAlives = detail.keepAlives[direction]
    return result
  }
}
