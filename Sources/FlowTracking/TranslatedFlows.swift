// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// Flows that are one conversation, captured on both sides of an address translator, or of several
/// in a row.
///
/// Candidates share the hash of their first payload. They are a pair when one endpoint is the same
/// on both sides and the other is not, times and volumes agree, and there are several packets. A
/// translator that exchanges both endpoints must have lowered the time to live in either direction,
/// as it forwards. Of more than two flows, each must have come from the one before: the time to
/// live falls from step to step, and every flow names the next one, the last the one before it.
struct TranslatedFlows: Sendable {
  /// Greatest distance of the first packets, and of the last ones: 1 s in nanoseconds.
  ///
  /// A translator adds less than a millisecond; the clocks of two capture points may differ by
  /// more, as NTP lets them, and flows further apart than that are another conversation.
  static let maximumShift: Int64 = 1_000_000_000
  /// Least number of packets of each side.
  static let minimumPackets: UInt64 = 4
  /// Volumes may differ by a twentieth and one packet, for loss between the capture points.
  static let volumeTolerance: (part: UInt64, bytes: UInt64) = (20, 1_500)

  /// Flows of one conversation: four are three translators in a row (a host's, a home's, a
  /// carrier's, [RFC 6888](https://www.rfc-editor.org/rfc/rfc6888)); what more flows share is no
  /// conversation's own.
  static let maximumFlows = 4

  private static let tcp: UInt8 = 6

  /// Each flow of a pair with the other one, in order of the former.
  private let pairs: [(flow: FlowPlace, other: FlowPlace)]

  /// Number of flows that have one on the other side of a translator.
  var count: Int { pairs.count }

  /// The flow on the other side of a translator, if that was captured.
  ///
  /// - Complexity: O(log *n*) in the number of pairs.
  subscript(place: FlowPlace) -> FlowPlace? {
    guard !pairs.isEmpty else { return nil }
    var low = 0
    var high = pairs.count
    while low < high {
      let middle = (low + high) / 2
      if pairs[middle].flow < place { low = middle + 1 } else { high = middle }
    }
    return low < pairs.count && pairs[low].flow == place ? pairs[low].other : nil
  }

  /// Looks for pairs.
  ///
  /// - Complexity: O(*n*) in the number of flows noted.
  init(_ tables: [FinishedFlowTable]) {
    var pairs: [(flow: FlowPlace, other: FlowPlace)] = []
    for places in Self.candidates(tables) {
      var path = places.map { place in
        (place: place, flow: tables[Int(place.shard)].flow(at: place, id: 0))
      }
      if path.count > 2 {
        path.sort {
          ($1.flow.originator.timeToLive, $0.place) < ($0.flow.originator.timeToLive, $1.place)
        }
      }
      let steps = zip(path, path.dropFirst())
      guard
        steps.allSatisfy({ one, other in
          Self.isTranslation(one.flow, other.flow)
            && (path.count == 2 || Self.isForwarded(.fromOriginator, one.flow, other.flow))
        }), let last = path.last
      else { continue }
      for (one, other) in steps { pairs.append((one.place, other.place)) }
      pairs.append((last.place, path[path.count - 2].place))
    }
    pairs.sort { $0.flow < $1.flow }
    self.pairs = pairs
  }

  /// Places of flows whose first payloads are the same, two to ``maximumFlows`` each, in order of
  /// places.
  private static func candidates(
    _ tables: [FinishedFlowTable]
  ) -> [[FlowPlace]] {
    let total = tables.reduce(0) { $0 + $1.firstPayloads.count }
    guard total > 1 else { return [] }
    let mask = (2 * total).nextPowerOfTwo - 1
    // Index of the first noted flow with a hash, plus one; 0 is free.
    var slots = [UInt32](repeating: 0, count: mask + 1)
    var noted: [(payload: FirstPayload, shard: UInt32)] = []
    noted.reserveCapacity(total)
    /// Who has the hash of a noted flow too, as far as they can be a path, and how many.
    var others: [UInt32: (places: [UInt32], count: Int)] = [:]
    for (shard, table) in tables.enumerated() {
      for payload in table.firstPayloads {
        let index = UInt32(truncatingIfNeeded: noted.count)
        noted.append((payload, UInt32(truncatingIfNeeded: shard)))
        var slot = Int(truncatingIfNeeded: payload.hash) & mask
        while slots[slot] != 0, noted[Int(slots[slot]) - 1].payload.hash != payload.hash {
          slot = (slot + 1) & mask
        }
        if slots[slot] == 0 {
          slots[slot] = index + 1
        } else {
          others[slots[slot] - 1, default: ([], 0)].count += 1
          if others[slots[slot] - 1, default: ([], 0)].count < maximumFlows {
            others[slots[slot] - 1, default: ([], 0)].places.append(index)
          }
        }
      }
    }
    func place(_ index: UInt32) -> FlowPlace {
      let entry = noted[Int(index)]
      return FlowPlace(shard: entry.shard, index: entry.payload.flow)
    }
    return others.filter { $0.value.count < maximumFlows }
      .map { [place($0.key)] + $0.value.places.map(place) }
      .sorted { $0[0] < $1[0] }
  }

  private static func isTranslation(_ one: Flow, _ other: Flow) -> Bool {
    guard one.protocolNumber == other.protocolNumber, endpointsFit(one, other),
      isNear(one.firstPacket.time, other.firstPacket.time), isNear(one.lastTime, other.lastTime)
    else { return false }
    for flow in [one, other]
    where flow.originator.packets &+ flow.responder.packets < minimumPackets { return false }
    // TCP flows share their sequence numbers. Datagrams of two like devices may be alike, but a
    // translator routes: on its other side the packets have lived for longer.
    if one.protocolNumber != tcp, one.originator.timeToLive == other.originator.timeToLive,
      one.responder.timeToLive == other.responder.timeToLive
    {
      return false
    }
    return FlowDirection.allCases.allSatisfy {
      isAlike(one.counters($0).newPayloadBytes, other.counters($0).newPayloadBytes)
    }
  }

  /// Whether the packets of a direction have lived for longer in `other` than in `one`.
  private static func isForwarded(
    _ direction: FlowDirection, _ one: Flow, _ other: Flow
  ) -> Bool {
    let (before, after) = (one.counters(direction), other.counters(direction))
    return before.packets > 0 && after.packets > 0 && after.timeToLive < before.timeToLive
  }

  /// Whether one endpoint is the same and the other one is not, or both were exchanged by one that
  /// forwards; groups are never translated.
  private static func endpointsFit(_ one: Flow, _ other: Flow) -> Bool {
    let sameOriginator =
      one.originatorAddress == other.originatorAddress
      && one.originatorPort == other.originatorPort
    let sameResponder =
      one.responderAddress == other.responderAddress && one.responderPort == other.responderPort
    guard !(sameOriginator && sameResponder) else { return false }
    let isMoved =
      (sameOriginator || one.originatorAddress != other.originatorAddress)
      && (sameResponder || one.responderAddress != other.responderAddress)
    let isBetween =
      isForwarded(.fromOriginator, one, other) && isForwarded(.fromResponder, other, one)
      || isForwarded(.fromOriginator, other, one) && isForwarded(.fromResponder, one, other)
    return isMoved && (sameOriginator || sameResponder || isBetween)
      && ![one.responderAddress, other.responderAddress].contains { $0.isMulticastOrBroadcast }
  }

  private static func isNear(_ one: Int64, _ other: Int64) -> Bool {
    let (distance, overflow) = one.subtractingReportingOverflow(other)
    return !overflow && distance.magnitude <= maximumShift.magnitude
  }

  private static func isAlike(_ one: UInt64, _ other: UInt64) -> Bool {
    let greatest = max(one, other)
    return greatest - min(one, other)
      <= greatest / volumeTolerance.part + volumeTolerance.bytes
  }
}

extension Int {
  /// The least power of two that is not below the number.
  fileprivate var nextPowerOfTwo: Int {
    self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
  }
}
