// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// The finished flows of all shards, in order of their first packets.
///
/// Lazy: a `Flow` is made when it is asked for, so that millions of flows cost no more than their
/// tables.
public struct FlowCollection: RandomAccessCollection, Sendable {
  let shards: [FinishedFlowTable]
  /// Places in order of the flows' first packets.
  private let order: [FlowPlace]
  private let translated: TranslatedFlows
  /// Flows that were read back from a saved analysis, instead of tables.
  let saved: [Flow]?

  /// Joins the tables of all shards.
  ///
  /// - Complexity: O(*n* log *s*) for *n* flows in *s* shards.
  package init(_ tables: [FinishedFlowTable]) {
    shards = tables
    order = Self.merged(tables)
    translated = TranslatedFlows(tables)
    for table in tables { table.forgetFirstPayloads() }
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

  /// Overwrites `flow` with the one at `position`.
  ///
  /// For passes over all flows: moving a flow about costs more than reading it.
  package func read(_ position: Int, into flow: inout Flow) {
    if let saved {
      flow = saved[position]
    } else {
      read(order[position], id: position + 1, into: &flow)
    }
  }

  /// Loads what ``read(_:into:)`` needs of the flows at `positions`, so that their cache misses
  /// overlap: flows in order of packets lie in as many tables as there are shards.
  ///
  /// - Returns: A number to be kept, so that loading is not optimised away.
  package func loadAhead(_ positions: [Int]) -> UInt64 {
    guard saved == nil else { return 0 }
    var sum: UInt64 = 0
    for position in positions {
      let place = order[position]
      sum &+= shards[Int(place.shard)].load(place.index)
    }
    return sum
  }

  /// Flows that have one on the other side of a translator.
  package var translatedCount: Int {
    saved.map { $0.count { $0.translatedFlow != nil } } ?? translated.count
  }

  private func flow(at place: FlowPlace, id: Int) -> Flow {
    var flow = Flow.empty
    read(place, id: id, into: &flow)
    return flow
  }

  private func read(_ place: FlowPlace, id: Int, into flow: inout Flow) {
    shards[Int(place.shard)].read(place, id: id, into: &flow)
    if let other = translated[place] { flow.translatedFlow = self.id(of: other) }
  }

  /// Numbers of packets that are put in order at once.
  private static let windowCount = 1 << 16

  /// Puts the shards' flows, which are in order within each, in order of their first packets.
  ///
  /// A place for each number of a window instead of a heap of the shards' heads: a tenth of the
  /// instructions, and no more memory for more flows.
  private static func merged(_ tables: [FinishedFlowTable]) -> [FlowPlace] {
    var result: [FlowPlace] = []
    result.reserveCapacity(tables.reduce(0) { $0 + $1.count })
    var heads = [UInt32](repeating: 0, count: tables.count)
    var places = [FlowPlace](repeating: FlowPlace(shard: 0, index: 0), count: windowCount)
    var taken = [UInt64](repeating: 0, count: windowCount / 64)
    while true {
      var start = UInt64.max
      for (shard, table) in tables.enumerated() where Int(heads[shard]) < table.count {
        start = Swift.min(start, table.firstNumber(heads[shard]))
      }
      if start == .max { break }
      for (shard, table) in tables.enumerated() {
        let count = UInt32(truncatingIfNeeded: table.count)
        var index = heads[shard]
        while index < count {
          let offset = table.firstNumber(index) &- start
          guard offset < UInt64(windowCount) else { break }
          let bit = (1 as UInt64) << (offset & 63)
          // Numbers are unique; one that is not waits for the next window.
          guard taken[Int(offset >> 6)] & bit == 0 else { break }
          taken[Int(offset >> 6)] |= bit
          places[Int(offset)] = FlowPlace(
            shard: UInt32(truncatingIfNeeded: shard), index: index)
          index += 1
        }
        heads[shard] = index
      }
      for word in taken.indices where taken[word] != 0 {
        var bits = taken[word]
        taken[word] = 0
        while bits != 0 {
          result.append(places[word << 6 | bits.trailingZeroBitCount])
          bits &= bits &- 1
        }
      }
    }
    return result
  }
}

/// One shard's flows after the last packet; read-only once a `FlowCollection` has them, so that
/// threads may share it.
package final class FinishedFlowTable: @unchecked Sendable {
  private var table: FlowTable

  /// Looks at the table.
  @inline(__always)
  func look<Answer>(_ look: (borrowing FlowTable) -> Answer) -> Answer { look(table) }

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
  var firstPayloads: [FirstPayload] { table.firstPayloads }

  /// Gives up first payloads; before threads share the table.
  func forgetFirstPayloads() { table.forgetFirstPayloads() }

  /// Flows whose first payload was not noted, because there was no room.
  package var firstPayloadsLeftOut: BoundCount { table.firstPayloadsLeftOut }

  /// Copies by where both were captured.
  package var duplicateRoutes: [DuplicateRoute] { table.duplicateRoutes }

  /// Packets of flows beyond the bound, counted to remainders.
  package var foldedPackets: BoundCount { table.foldedPackets }
  /// Copied packets that are not told of their flows.
  package var copiesLeftOut: BoundCount { table.copiesLeftOut }
  /// Segments out of order that are not told of their flows.
  package var disordersLeftOut: BoundCount { table.disordersLeftOut }
  /// Flows whose traffic over time is not kept.
  package var trafficsLeftOut: BoundCount { table.trafficsLeftOut }
  /// Flows whose seconds were joined.
  package var timeBinsJoined: BoundCount { table.timeBinsJoined }
  /// Directions whose holes were given up because all streams together held back too much.
  package var streamsGivenUp: BoundCount { table.waitingBudget.givenUp }

  /// Running number of a flow's first packet.
  package func firstNumber(_ index: UInt32) -> UInt64 {
    table.origins[Int(index)].firstNumber
  }

  /// The endpoints of a flow.
  package func endpoints(_ index: UInt32) -> FlowEndpoints { table.entries[Int(index)].endpoints }

  /// Touches the cache lines of a flow.
  @inline(__always)
  fileprivate func load(_ index: UInt32) -> UInt64 {
    let index = Int(index)
    return table.entries[index].firstHigh &+ table.entries[index].sides.responder.wireBytes
      &+ UInt64(bitPattern: table.origins[index].firstTime.originator)
      &+ UInt64(table.origins[index].firstFile)
  }

  /// The flow at a place of this shard.
  package func flow(at place: FlowPlace, id: Int) -> Flow {
    var flow = Flow.empty
    read(place, id: id, into: &flow)
    return flow
  }

  /// Overwrites `flow` with the one at a place of this shard; of no translator.
  func read(_ place: FlowPlace, id: Int, into flow: inout Flow) {
    let index = Int(place.index)
    flow.id = id
    flow.place = place
    flow.translatedFlow = nil
    table.entries[index].read(into: &flow)
    table.origins[index].read(into: &flow)
    let detail = Int(table.entries[index].detail) - 1
    if detail >= 0 {
      let copies = Int(table.details[detail].copies) - 1
      if copies >= 0 { table.copies[copies].read(into: &flow) }
      let disorder = Int(table.details[detail].disorder) - 1
      if disorder >= 0 { table.disorders[disorder].read(into: &flow) }
    }
    if table.entries[index].state.contains(.hasTimeBins) {
      table.traffics[table.trafficIndex(index)].read(into: &flow)
    } else {
      if flow.timeBins != nil { flow.timeBins = nil }
      if !flow.bursts.isEmpty { flow.bursts = [] }
    }
  }
}

extension FlowEntry {
  /// Sets what the entry holds, and what only a detail has to nothing; before `FlowOrigin.read`.
  fileprivate func read(into flow: inout Flow) {
    let endpoints = endpoints
    flow.protocolNumber = endpoints.protocolNumber
    flow.originatorAddress = endpoints.originatorAddress
    flow.responderAddress = endpoints.responderAddress
    flow.originatorPort = endpoints.originatorPort
    flow.responderPort = endpoints.responderPort
    flow.lastTime = lastTime
    flow.truncatedPackets = UInt64(truncatedPackets)
    flow.isRemainder = state.contains(.isRemainder)
    flow.lacksPorts = state.contains(.lacksPorts)
    flow.originator = FlowCounters()
    flow.originator.packets = UInt64(sides.originator.packets)
    flow.originator.wireBytes = sides.originator.wireBytes
    flow.originator.payloadBytes = sides.originator.payloadBytes
    flow.originator.tcpFlags = tcpFlags.originator
    flow.originator.lastTime = sides.originator.lastTime
    flow.responder = FlowCounters()
    flow.responder.packets = UInt64(sides.responder.packets)
    flow.responder.wireBytes = sides.responder.wireBytes
    flow.responder.payloadBytes = sides.responder.payloadBytes
    flow.responder.tcpFlags = tcpFlags.responder
    flow.responder.lastTime = sides.responder.lastTime
  }
}

extension FlowOrigin {
  /// Sets what the origin holds; after `FlowEntry.read`.
  fileprivate func read(into flow: inout Flow) {
    flow.firstPacket = PacketReference(file: firstFile, frame: firstFrame, time: earliestTime)
    flow.originatorBasis = OriginatorBasis(code: originatorBasis)
    flow.endReason = FlowEndReason(code: endReason)
    flow.vlan = vlan == DecodedPacket.noVLAN ? nil : vlan
    flow.tunnelCode = tunnel
    flow.connectionHistory = history
    flow.firstMessage = 0
    if flow.protocolNumber == 1 || flow.protocolNumber == 58 {
      flow.firstMessage = UInt16(truncatingIfNeeded: initialSequence.originator)
    }
    Self.read(packetCarry.originator, firstTime.originator, link.originator, into: &flow.originator)
    Self.read(packetCarry.responder, firstTime.responder, link.responder, into: &flow.responder)
  }

  @inline(__always)
  private static func read(
    _ carry: UInt16, _ firstTime: Int64, _ link: UInt64, into counters: inout FlowCounters
  ) {
    counters.packets |= UInt64(carry) << 32
    guard firstTime != .min else {
      counters.lastTime = nil
      return
    }
    counters.firstTime = firstTime
    counters.timeToLive = UInt8(truncatingIfNeeded: link >> 8)
    counters.trafficClass = UInt8(truncatingIfNeeded: link)
    if link >> 16 != noLink >> 16 { counters.macAddress = MACAddress(bits: link >> 16) }
  }
}

extension FlowTraffic {
  /// Sets what only flows whose seconds are kept have.
  fileprivate func read(into flow: inout Flow) {
    flow.timeBins = timeBins
    flow.bursts = bursts.count > 1 ? bursts.sorted { $0.firstTime < $1.firstTime } : bursts
  }
}

extension FlowCopies {
  /// Sets what only flows with copies have; after `FlowEntry.read`.
  fileprivate func read(into flow: inout Flow) {
    read(.fromOriginator, into: &flow.originator)
    read(.fromResponder, into: &flow.responder)
  }

  private func read(_ direction: FlowDirection, into counters: inout FlowCounters) {
    counters.duplicatePackets = packets[direction]
    counters.duplicateWireBytes = wireBytes[direction]
    counters.duplicatePayloadBytes = payloadBytes[direction]
  }
}

extension FlowDisorder {
  /// Sets what only TCP flows out of order have; after `FlowEntry.read`.
  fileprivate func read(into flow: inout Flow) {
    read(.fromOriginator, into: &flow.originator)
    read(.fromResponder, into: &flow.responder)
  }

  private func read(_ direction: FlowDirection, into counters: inout FlowCounters) {
    counters.retransmittedBytes = retransmittedBytes[direction]
    counters.missingBytes = missingBytes[direction]
    counters.gaps = gaps[direction]
    counters.outOfOrder = outOfOrder[direction]
    counters.zeroWindows = zeroWindows[direction]
    counters.keepAlives = keepAlives[direction]
  }
}
