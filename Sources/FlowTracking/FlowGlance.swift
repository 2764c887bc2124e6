// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// What a pass over all flows asks of each: enough to sum most of them up, and to tell the few that
/// have to be read in whole (``Flow``).
package struct FlowGlance: Sendable, BitwiseCopyable {
  /// What one side sent.
  package struct Side: Sendable, BitwiseCopyable {
    /// As `FlowCounters` has them.
    package fileprivate(set) var packets: UInt64 = 0
    package fileprivate(set) var payloadBytes: UInt64 = 0
    package fileprivate(set) var newPayloadBytes: UInt64 = 0
    package fileprivate(set) var missingBytes: UInt64 = 0
    package fileprivate(set) var macAddress: MACAddress?
  }

  /// How the other stages name the flow.
  package fileprivate(set) var place = FlowPlace(shard: 0, index: 0)
  /// Running number of its first packet: flows begin in this order.
  package fileprivate(set) var number: UInt64 = 0
  package fileprivate(set) var endpoints = FlowEndpoints(
    originatorAddress: .unspecified, responderAddress: .unspecified, originatorPort: 0,
    responderPort: 0, protocolNumber: 0)
  package fileprivate(set) var originator = Side()
  package fileprivate(set) var responder = Side()
  package fileprivate(set) var truncatedPackets: UInt64 = 0
  /// Times of the first and the last packet, nanoseconds since 1970.
  package fileprivate(set) var firstTime: Int64 = 0
  package fileprivate(set) var lastTime: Int64 = 0
  package fileprivate(set) var tunnelCode: UInt8 = 0
  /// Whether its traffic over time is kept.
  package fileprivate(set) var hasTimeBins = false

  /// Nothing yet, to be overwritten by `FlowCollection.glance(at:into:)`.
  package init() {}
}

extension FlowGlance {
  /// What is asked of a flow that was read in whole.
  package init(_ flow: Flow, number: UInt64) {
    place = flow.place
    self.number = number
    endpoints = flow.endpoints
    originator = Side(flow.originator)
    responder = Side(flow.responder)
    truncatedPackets = flow.truncatedPackets
    firstTime = flow.firstPacket.time
    lastTime = flow.lastTime
    tunnelCode = flow.tunnelCode
    hasTimeBins = flow.timeBins != nil
  }
}

extension FlowGlance.Side {
  fileprivate init(_ counters: FlowCounters) {
    packets = counters.packets
    payloadBytes = counters.payloadBytes
    newPayloadBytes = counters.newPayloadBytes
    missingBytes = counters.missingBytes
    macAddress = counters.macAddress
  }

  /// What an entry and its origin hold of a side without details.
  @inline(__always)
  fileprivate mutating func read(
    _ side: FlowSide, carry: UInt16, link: UInt64, hasPackets: Bool
  ) {
    packets = UInt64(side.packets) | UInt64(carry) << 32
    payloadBytes = side.payloadBytes
    newPayloadBytes = side.payloadBytes
    missingBytes = 0
    macAddress =
      hasPackets && link >> 16 != FlowOrigin.noLink >> 16 ? MACAddress(bits: link >> 16) : nil
  }

  fileprivate mutating func leaveOut(_ repeatedBytes: UInt64) {
    newPayloadBytes = payloadBytes >= repeatedBytes ? payloadBytes &- repeatedBytes : 0
  }
}

/// Who is at the ends of a flow, before more is asked of it.
package struct FlowEnds: Sendable, BitwiseCopyable {
  package var originatorAddress: IPAddress
  package var responderAddress: IPAddress
  /// Running number of the flow's first packet.
  package var number: UInt64
  /// Whether the side sent packets or was sent payload: one that was only knocked at may not exist.
  package var isOriginatorShown: Bool
  package var isResponderShown: Bool
}

extension FlowTable {
  /// Overwrites `glance` with what is asked of the flow at `index`, all but its place.
  @inline(__always)
  fileprivate func read(_ index: Int, into glance: inout FlowGlance) {
    glance.number = origins[index].firstNumber
    glance.endpoints = entries[index].endpoints
    glance.originator.read(
      entries[index].sides.originator, carry: origins[index].packetCarry.originator,
      link: origins[index].link.originator,
      hasPackets: origins[index].firstTime.originator != .min)
    glance.responder.read(
      entries[index].sides.responder, carry: origins[index].packetCarry.responder,
      link: origins[index].link.responder, hasPackets: origins[index].firstTime.responder != .min)
    glance.truncatedPackets = UInt64(entries[index].truncatedPackets)
    glance.firstTime = origins[index].earliestTime
    glance.lastTime = entries[index].lastTime
    glance.tunnelCode = origins[index].tunnel
    glance.hasTimeBins = entries[index].state.contains(.hasTimeBins)
    let detail = Int(entries[index].detail) - 1
    if detail >= 0 { readDetail(details[detail], into: &glance) }
  }

  private func readDetail(_ detail: FlowDetail, into glance: inout FlowGlance) {
    var repeated = Directions<UInt64>(0)
    let copies = Int(detail.copies) - 1
    if copies >= 0 { repeated = self.copies[copies].payloadBytes }
    let disorder = Int(detail.disorder) - 1
    if disorder >= 0 {
      repeated.originator &+= disorders[disorder].retransmittedBytes.originator
      repeated.responder &+= disorders[disorder].retransmittedBytes.responder
      glance.originator.missingBytes = disorders[disorder].missingBytes.originator
      glance.responder.missingBytes = disorders[disorder].missingBytes.responder
    }
    glance.originator.leaveOut(repeated.originator)
    glance.responder.leaveOut(repeated.responder)
  }

  /// The ends of the flow at `index`.
  @inline(__always)
  fileprivate func ends(_ index: Int) -> FlowEnds {
    let endpoints = entries[index].endpoints
    let originator = entries[index].sides.originator
    let responder = entries[index].sides.responder
    let carry = origins[index].packetCarry
    return FlowEnds(
      originatorAddress: endpoints.originatorAddress, responderAddress: endpoints.responderAddress,
      number: origins[index].firstNumber,
      isOriginatorShown: originator.packets > 0 || carry.originator > 0
        || responder.payloadBytes > 0,
      isResponderShown: responder.packets > 0 || carry.responder > 0 || originator.payloadBytes > 0)
  }
}

extension FinishedFlowTable {
  /// Overwrites `glance` with what is asked of the flow at a place of this shard.
  func glance(at place: FlowPlace, into glance: inout FlowGlance) {
    look { $0.read(Int(place.index), into: &glance) }
    glance.place = place
  }

  /// The first packet of a flow.
  func firstPacket(_ index: UInt32) -> PacketReference {
    look { table in
      PacketReference(
        file: table.origins[Int(index)].firstFile, frame: table.origins[Int(index)].firstFrame,
        time: table.origins[Int(index)].earliestTime)
    }
  }

  /// The ends of a flow.
  func ends(_ index: UInt32) -> FlowEnds { look { $0.ends(Int(index)) } }
}

/// Flows shard by shard, as they lie in memory: what can be summed up in any order costs far less
/// in this one, and shards can be shared out among threads.
///
/// A spot is a flow's place; flows of a saved analysis stand as in one shard, whatever place they
/// had.
extension FlowCollection {
  /// Number of shards.
  package var shardCount: Int { saved == nil ? shards.count : 1 }

  /// Number of flows of a shard, in order of their first packets.
  package func count(ofShard shard: Int) -> Int { saved?.count ?? shards[shard].count }

  /// Where the flow at `position` stands among those of its shard.
  package func spot(_ position: Int) -> FlowPlace {
    saved == nil
      ? place(position) : FlowPlace(position, ofShard: 0)
  }

  /// Overwrites `glance` with what is asked of the flow at a spot.
  package func glance(at spot: FlowPlace, into glance: inout FlowGlance) {
    if let saved {
      glance = FlowGlance(saved[Int(spot.index)], number: UInt64(spot.index))
    } else {
      shards[Int(spot.shard)].glance(at: spot, into: &glance)
    }
  }

  /// The ends of the flow at a spot.
  package func ends(at spot: FlowPlace) -> FlowEnds {
    guard saved != nil else { return shards[Int(spot.shard)].ends(spot.index) }
    var glance = FlowGlance()
    self.glance(at: spot, into: &glance)
    let (originator, responder) = (glance.originator, glance.responder)
    return FlowEnds(
      originatorAddress: glance.endpoints.originatorAddress,
      responderAddress: glance.endpoints.responderAddress, number: glance.number,
      isOriginatorShown: originator.packets > 0 || responder.payloadBytes > 0,
      isResponderShown: responder.packets > 0 || originator.payloadBytes > 0)
  }

  /// The running number of the first packet of the flow at a spot.
  package func number(at spot: FlowPlace) -> UInt64 {
    saved == nil ? shards[Int(spot.shard)].firstNumber(spot.index) : UInt64(spot.index)
  }

  /// The first packet of the flow at a spot.
  package func firstPacket(at spot: FlowPlace) -> PacketReference {
    saved?[Int(spot.index)].firstPacket ?? shards[Int(spot.shard)].firstPacket(spot.index)
  }

  /// The flow at a spot.
  package func flow(atSpot spot: FlowPlace) -> Flow {
    saved?[Int(spot.index)] ?? flow(at: spot)
  }
}
