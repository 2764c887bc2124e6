// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
package import PacketDecoding

/// The flows of one logical shard: an open-addressing index over dense entries.
///
/// Entries lie in slabs in order of their first packets and never move; the index holds a 32-bit
/// tag and the entry's number in one word, so that growing it touches no entry. The tag is made
/// with a seed of the run, so that no one can write a capture whose flows collide; nothing that is
/// printed depends on it.
///
/// - Complexity: amortised O(1) a packet; about 210 bytes a flow and 16 to 32 of index.
package struct FlowTable: ~Copyable {
  let configuration: FlowTrackingConfiguration
  let seed: UInt64
  let limits: MemoryLimits
  /// Keys of the index once `isDefended`.
  let secrets: TagSecrets
  /// Whether the index is keyed by every bit of the flows' keys: the hash that comes with packets
  /// is fixed, so flows can be made up for which it is the same.
  private(set) var isDefended = false
  var entries = Slabs<FlowEntry>()
  /// Beside `entries`, with the same indices.
  var origins = Slabs<FlowOrigin>()
  /// Tag (32) | entry number plus one (32); 0 is free.
  private(set) var slots: MaskedArray<UInt64>
  var details = Slabs<FlowDetail>()
  var copies = Slabs<FlowCopies>()
  var disorders = Slabs<FlowDisorder>()
  var traffics = Slabs<FlowTraffic>()
  var arena: [UInt8] = []
  /// First payloads of the first flows that have one.
  package private(set) var firstPayloads: [FirstPayload] = []
  /// Flows whose first payload was not noted, because there was no room.
  package private(set) var firstPayloadsLeftOut = BoundCount()
  var rhythmRings: RhythmRings
  var closedWindows: [RhythmWindow] = []
  /// Directions whose rhythm could not be measured (to its end) because too many were under way.
  package internal(set) var rhythmRefusals:
    [(flow: UInt32, direction: FlowDirection, time: Int64)] = []
  var waitingBudget: WaitingBudget
  private var duplicates = DuplicateDetector()
  /// Packets counted as copies of others.
  package private(set) var duplicatePackets: UInt64 = 0
  /// Wire bytes of those copies.
  package private(set) var duplicateWireBytes: UInt64 = 0
  /// The copies by where both packets were captured.
  package private(set) var duplicateRoutes: [DuplicateRoute] = []

  /// Entries that are remainders.
  var remainderCount = 0
  /// Packets of flows beyond the bound, counted to remainders.
  package var foldedPackets = BoundCount()
  /// Copied packets that are not told of their flows, because too many flows have some.
  package private(set) var copiesLeftOut = BoundCount()
  /// Segments out of order of flows whose disorder is not told, because too many flows have some.
  package var disordersLeftOut = BoundCount()
  /// Flows whose traffic over time is not kept, because that of too many is.
  package var trafficsLeftOut = BoundCount()
  /// Seconds that `traffics` hold.
  var timeBinCount = 0
  /// Flows whose seconds were joined, because there are too many in all.
  package var timeBinsJoined = BoundCount()

  /// Takes what the look-ahead loads, so that it is not optimised away.
  private var lookAheadSum: UInt64 = 0

  /// Packets whose table entries are loaded ahead of their turn, so that their cache misses
  /// overlap (performance.md §5.5).
  private static let lookAhead = 32

  /// Flows of other keys met under one tag before the index is keyed anew: by chance a tag of 32
  /// bits is shared by two of 8 million flows, hardly ever by three.
  private static let longestTagRun = 16

  /// Slots of a new table.
  private static let initialSlotCount = 256

  /// Makes an empty table whose index is keyed with `seed`.
  package init(
    configuration: FlowTrackingConfiguration, limits: MemoryLimits = .standard, seed: UInt64
  ) {
    self.configuration = configuration
    self.limits = limits
    self.seed = seed
    rhythmRings = RhythmRings(maximum: limits.rhythms)
    waitingBudget = WaitingBudget(maximumBytes: limits.reassemblyBytes)
    secrets = TagSecrets(seed)
    slots = MaskedArray(zeroed: Self.initialSlotCount)
  }

  /// Whether no further flow gets an entry of its own.
  ///
  /// What flows out of the ordinary keep beside their entries takes the room of others, so that the
  /// memory for flows has one bound.
  private var isFull: Bool {
    let room = limits.flows &- (entries.count &- remainderCount)
    return room <= 0 || room &* Self.entryBytes <= detailBytes &+ detailBytes / Self.detailOverhead
  }

  private static let entryBytes = MemoryLayout<FlowEntry>.stride + MemoryLayout<FlowOrigin>.stride

  /// The share of `detailBytes` that is added for the heads and the unused room of their many small
  /// arrays, a quarter: with it the attack `all_bounds` stays below its ceiling.
  private static let detailOverhead = 4

  private var detailBytes: Int {
    details.count &* MemoryLayout<FlowDetail>.stride
      &+ copies.count &* MemoryLayout<FlowCopies>.stride
      &+ disorders.count &* MemoryLayout<FlowDisorder>.stride
      &+ traffics.count &* MemoryLayout<FlowTraffic>.stride
      &+ timeBinCount &* MemoryLayout<TimeBin>.stride &+ waitingBudget.byteCount
  }

  /// Number of flows, ended ones included; their indices are `0..<count`.
  package var count: Int { entries.count }

  /// Bytes that waited for reordering; valid until the batch's events were handled.
  package var arenaBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { arena.span }
  }

  // MARK: Tracking

  /// Tracks the packets of the batch that `order` names and appends what happened to `events`, in
  /// packet order.
  package mutating func track(
    _ batch: borrowing PacketBatch, order: Span<UInt32>, into events: inout [FlowEvent]
  ) {
    if !arena.isEmpty { arena.removeAll(keepingCapacity: true) }
    let block = batch.block
    let bytes = block.bytes
    let packets = batch.packets.span
    var tags = InlineArray<32, UInt32>(repeating: 0)
    for position in order.indices {
      if position & (Self.lookAhead - 1) == 0 {
        loadAhead(
          packets, order.extracting(position..<min(position &+ Self.lookAhead, order.count)),
          &tags)
      }
      let index = Int(order[position])
      guard index < packets.count else { continue }
      let isCopy =
        !configuration.keepsDuplicates
        && duplicates.isDuplicate(
          packets[index].fingerprint, at: packets[index].time,
          source: packets[index].source(file: batch.file))
      let place = find(
        packets, index, tag: UInt64(tags[position & (Self.lookAhead - 1)]), batch, into: &events)
      if isCopy {
        countDuplicate(packets, index, at: place, file: batch.file)
        continue
      }
      let outcome = count(packets, index, at: place)
      if outcome.rawValue == 0 {
        update(packets, index, at: place, bytes: bytes, batch, into: &events)
      } else if outcome != .isCounted {
        tell(packets, index, at: place, outcome, bytes: bytes, batch, into: &events)
      }
    }
  }

  /// Makes the tags of the next packets and touches the slots, entries and fingerprints that they
  /// need; the loads do not depend on each other, so they wait for memory together instead of one
  /// after the other.
  @inline(never)
  private mutating func loadAhead(
    _ packets: Span<DecodedPacket>, _ order: Span<UInt32>, _ tags: inout InlineArray<32, UInt32>
  ) {
    var sum: UInt64 = 0
    let seed = seed
    for position in order.indices {
      let index = Int(order[position])
      guard index < packets.count else { continue }
      let tag = Self.tag(packets[index].keyHash, seed)
      tags[position & (Self.lookAhead - 1)] = UInt32(truncatingIfNeeded: tag)
      sum &+= slots[Int(truncatingIfNeeded: tag)] &+ duplicates.load(packets[index].fingerprint)
    }
    var heavy = InlineArray<32, UInt32>(repeating: 0)
    var heavyCount = 0
    for position in 0..<min(order.count, Self.lookAhead) {
      let word = slots[Int(tags[position])]
      let place = Int(truncatingIfNeeded: word & 0xFFFF_FFFF) &- 1
      guard place >= 0, place < entries.count else { continue }
      sum &+= entries[place].firstHigh &+ entries[place].sides.responder.wireBytes
      heavy[heavyCount & (Self.lookAhead - 1)] = entries[place].traffic
      heavyCount &+= entries[place].traffic != 0 ? 1 : 0
    }
    for index in 0..<heavyCount {
      sum &+= traffics[Int(heavy[index & (Self.lookAhead - 1)]) &- 1].touched
    }
    lookAheadSum &+= sum
  }

  /// The entry of a packet's flow, made anew where there is none or the old one is over.
  ///
  /// `tag` is the packet's unless the index is defended.
  @inline(__always)
  private mutating func find(
    _ packets: Span<DecodedPacket>, _ index: Int, tag: UInt64, _ batch: borrowing PacketBatch,
    into events: inout [FlowEvent]
  ) -> Int {
    var tag = isDefended ? secrets.tag(packets[index]) : tag
    var slot = Int(truncatingIfNeeded: tag)
    var strangers = 0
    while true {
      let word = slots[slot]
      if word == 0 { break }
      if word >> 32 == tag {
        let place = Int(truncatingIfNeeded: word & 0xFFFF_FFFF) &- 1
        let outcome = entries[place].outcome(of: packets, index)
        if outcome.rawValue == 0 { return place }
        if outcome == .mayBeOver {
          return goOn(place, slot: slot, packets, index, batch, into: &events)
        }
        strangers &+= 1
        if strangers > Self.longestTagRun, !isDefended {
          defend()
          tag = self.tag(packets, index)
          slot = Int(truncatingIfNeeded: tag)
          continue
        }
      }
      slot &+= 1
    }
    return begin(slot: slot, packets, index, batch, into: &events)
  }

  /// The entry of a packet whose flow may be over: the same one, or a new one in its place.
  @inline(never)
  private mutating func goOn(
    _ place: Int, slot: Int, _ packets: Span<DecodedPacket>, _ index: Int,
    _ batch: borrowing PacketBatch, into events: inout [FlowEvent]
  ) -> Int {
    guard isOver(place, packets, index) else { return place }
    if isFull { return remainder(of: packets, index, batch) }
    let reason = endReason(place, packets, index)
    end(place, because: reason, batch: batch, packet: index, into: &events)
    let new = append(packets, index, batch, into: &events)
    slots[slot] = tag(packets, index) << 32 | UInt64(new &+ 1)
    return new
  }

  /// The entry of a flow's first packet.
  @inline(never)
  private mutating func begin(
    slot: Int, _ packets: Span<DecodedPacket>, _ index: Int, _ batch: borrowing PacketBatch,
    into events: inout [FlowEvent]
  ) -> Int {
    if isFull { return remainder(of: packets, index, batch) }
    let new = append(packets, index, batch, into: &events)
    slots[slot] = tag(packets, index) << 32 | UInt64(new &+ 1)
    if new &* 2 >= slots.mask { grow() }
    return new
  }

  /// Makes an entry findable by its tag.
  mutating func insert(_ place: Int, tag: UInt64) {
    var slot = Int(truncatingIfNeeded: tag)
    while slots[slot] != 0 { slot &+= 1 }
    slots[slot] = tag << 32 | UInt64(place &+ 1)
    if place &* 2 >= slots.mask { grow() }
  }

  @inline(__always)
  static func tag(_ hash: UInt64, _ seed: UInt64) -> UInt64 {
    let product = (hash ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return (product.high ^ product.low) & 0xFFFF_FFFF
  }

  @inline(__always)
  private func tag(_ packets: Span<DecodedPacket>, _ index: Int) -> UInt64 {
    isDefended ? secrets.tag(packets[index]) : Self.tag(packets[index].keyHash, seed)
  }

  /// Keys the index by every bit of the keys.
  @inline(never)
  private mutating func defend() {
    isDefended = true
    let renewed = MaskedArray<UInt64>(zeroed: slots.mask + 1)
    for index in 0...slots.mask {
      let place = Int(truncatingIfNeeded: slots[index] & 0xFFFF_FFFF) &- 1
      guard place >= 0, place < entries.count else { continue }
      let tag = secrets.tag(entries[place])
      var slot = Int(truncatingIfNeeded: tag)
      while renewed[slot] != 0 { slot &+= 1 }
      renewed[slot] = tag << 32 | UInt64(place &+ 1)
    }
    slots = renewed
  }

  @inline(never)
  private mutating func grow() {
    let larger = MaskedArray<UInt64>(zeroed: (slots.mask + 1) * 2)
    for index in 0...slots.mask {
      let word = slots[index]
      guard word != 0 else { continue }
      var slot = Int(truncatingIfNeeded: word >> 32)
      while larger[slot] != 0 { slot &+= 1 }
      larger[slot] = word
    }
    slots = larger
  }

  /// Gives back what finds flows by their packets, when no packet follows.
  ///
  /// A tenth of the memory of many small flows, free for what is made of them then.
  mutating func forgetKeys() {
    slots = MaskedArray(zeroed: Self.initialSlotCount)
    duplicates.forget()
  }

  @inline(never)
  private mutating func append(
    _ packets: Span<DecodedPacket>, _ index: Int, _ batch: borrowing PacketBatch,
    into events: inout [FlowEvent]
  ) -> Int {
    let packet = packets[index]
    var entry = FlowEntry(
      firstHigh: packet.firstHigh, firstLow: packet.firstLow, secondHigh: packet.secondHigh,
      secondLow: packet.secondLow, portsAndProtocol: packet.portsAndProtocol)
    let (senderIsOriginator, basis) = packet.senderIsOriginator
    if senderIsOriginator == packet.has(PacketBits.isReversed) {
      entry.state.insert(.originatorIsSecond)
    }
    if packet.has(PacketBits.lacksPorts) { entry.state.insert(.lacksPorts) }
    if !packet.carriesPayload { entry.interest = Directions(.none) }
    let place = entries.append(entry)
    _ = origins.append(
      FlowOrigin(
        firstFrame: batch.frame(of: index),
        firstNumber: batch.firstNumber &+ UInt64(index), firstFile: batch.file,
        vlan: packet.vlan, tunnel: packet.tunnel, originatorBasis: basis.code,
        endReason: FlowEndReason.endOfCapture.code))
    if !senderIsOriginator { note(.flipped, at: place, .fromOriginator) }
    switch packet.protocolNumber {
    case 1, 58: origins[place].initialSequence.originator = UInt32(packet.window)
    case 17, 136:
      if packet.payloadLength >= FirstPayload.minimumDatagram {
        noteFirstPayload(packets, index, batch.block.bytes, batch, at: place)
      }
    default: break
    }
    if packet.carriesPayload {
      events.append(
        FlowEvent(
          kind: .started, direction: senderIsOriginator ? .fromOriginator : .fromResponder,
          source: .block, flow: UInt32(truncatingIfNeeded: place),
          packet: UInt32(truncatingIfNeeded: index), offset: 0, length: 0, originalLength: 0,
          streamOffset: 0))
    }
    return place
  }

  /// Notes what the first payload of a flow is.
  @inline(never)
  mutating func noteFirstPayload(
    _ packets: Span<DecodedPacket>, _ index: Int, _ bytes: Span<UInt8>,
    _ batch: borrowing PacketBatch, at place: Int
  ) {
    let flow = UInt32(truncatingIfNeeded: place)
    let payload =
      packets[index].isJoined
      ? FirstPayload(packets[index], batch.joined.span, flow: flow)
      : FirstPayload(packets[index], bytes, flow: flow)
    guard let payload else { return }
    guard firstPayloads.count < limits.firstPayloads else {
      firstPayloadsLeftOut.note(at: packets[index].time)
      return
    }
    firstPayloads.append(payload)
  }

  /// Gives up what first payloads left behind.
  mutating func forgetFirstPayloads() { firstPayloads = [] }

  /// Notes a letter of the flow's history the first time it occurs in a direction.
  mutating func note(
    _ letter: ConnectionHistory.Letter, at place: Int, _ direction: FlowDirection
  ) {
    entries[place].note(letter, direction, &origins[place])
  }

  // MARK: What consumers set

  /// The endpoints of a flow; mutating, because a table is copied to be borrowed by another module.
  package mutating func endpoints(of flow: UInt32) -> FlowEndpoints {
    entries[Int(flow)].endpoints
  }

  /// Lowers the interest in one direction of a flow; a higher one than before changes nothing.
  package mutating func setInterest(
    _ interest: FlowInterest, of flow: UInt32, direction: FlowDirection
  ) {
    let place = Int(flow)
    guard interest < entries[place].interest[direction] else { return }
    entries[place].interest[direction] = interest
    guard interest == .none, entries[place].state.contains(.hasWaiting) else { return }
    let disorder = disorderIndex(place)
    var waiting = disorders[disorder].takeWaiting(direction)
    waiting.dropBytes()
    disorders[disorder].setWaiting(waiting, direction)
  }

  // MARK: Duplicates

  @inline(never)
  private mutating func countDuplicate(
    _ packets: Span<DecodedPacket>, _ index: Int, at place: Int, file: UInt32
  ) {
    noteRoute(packets[index], file: file)
    let direction = entries[place].direction(of: packets[index])
    let wireBytes = UInt64(packets[index].originalLength)
    let payloadBytes = UInt64(packets[index].payloadLength)
    count(packets, index, at: place, direction)
    duplicatePackets &+= 1
    duplicateWireBytes &+= wireBytes
    if let copy = copiesIndex(place) {
      copies[copy].packets[direction] &+= 1
      copies[copy].wireBytes[direction] &+= wireBytes
      copies[copy].payloadBytes[direction] &+= payloadBytes
    } else {
      copiesLeftOut.note(at: packets[index].time)
    }
    if entries[place].state.contains(.hasTimeBins) {
      let traffic = trafficIndex(place)
      traffics[traffic].addToTimeBins(
        time: packets[index].time, direction: direction,
        wireBytes: packets[index].originalLength, newPayloadBytes: 0,
        payloadBytes: packets[index].payloadLength, binCount: &timeBinCount)
      if timeBinCount > limits.timeBins { joinTimeBins(traffic, at: packets[index].time) }
    }
  }

  /// Counts a copy to the places where it and its original were captured.
  private mutating func noteRoute(_ packet: DecodedPacket, file: UInt32) {
    let original = duplicates.original
    let new = DuplicateRoute(first: original.source, second: packet.source(file: file))
    var index = duplicateRoutes.firstIndex { $0.first == new.first && $0.second == new.second }
    if index == nil, duplicateRoutes.count < DuplicateRoute.maximum {
      duplicateRoutes.append(new)
      index = duplicateRoutes.count - 1
    }
    duplicateRoutes[index ?? DuplicateRoute.maximum - 1].add(
      shift: packet.time &- original.time, wireBytes: UInt64(packet.originalLength))
  }

  /// The detail of a flow, made when it has none.
  mutating func detailIndex(_ place: Int) -> Int {
    let existing = Int(entries[place].detail)
    if existing > 0 { return existing - 1 }
    let new = details.append(FlowDetail())
    entries[place].detail = UInt32(truncatingIfNeeded: new &+ 1)
    return new
  }

  /// The copies of a flow, made when it has none; `nil` where too many flows have some.
  private mutating func copiesIndex(_ place: Int) -> Int? {
    if entries[place].detail == 0, copies.count >= limits.copies { return nil }
    let detail = detailIndex(place)
    if details[detail].copies == 0 {
      guard copies.count < limits.copies else { return nil }
      details[detail].copies = UInt32(truncatingIfNeeded: copies.append(FlowCopies()) &+ 1)
    }
    return Int(details[detail].copies) &- 1
  }

  /// The disorder of a flow, made when it has none.
  mutating func disorderIndex(_ place: Int) -> Int {
    let detail = detailIndex(place)
    if details[detail].disorder == 0 {
      details[detail].disorder = UInt32(truncatingIfNeeded: disorders.append(FlowDisorder()) &+ 1)
    }
    return Int(details[detail].disorder) &- 1
  }

  /// Whether a flow has a disorder, or there is room for one.
  func mayHaveDisorder(_ place: Int) -> Bool {
    disorders.count < limits.disorders || disorder(of: place) >= 0
  }

  /// The disorder of a flow, -1 where it has none.
  func disorder(of place: Int) -> Int {
    let detail = Int(entries[place].detail) &- 1
    return detail < 0 ? -1 : Int(details[detail].disorder) &- 1
  }

  /// The traffic over time of a flow whose state has `hasTimeBins`.
  @inline(__always)
  func trafficIndex(_ place: Int) -> Int {
    Int(entries[place].traffic) &- 1
  }
}

extension DecodedPacket {
  @inline(__always)
  func hasKey(of entry: borrowing FlowEntry) -> Bool {
    (firstHigh ^ entry.firstHigh) | (firstLow ^ entry.firstLow)
      | (secondHigh ^ entry.secondHigh) | (secondLow ^ entry.secondLow)
      | (portsAndProtocol ^ entry.portsAndProtocol) == 0
  }

  @inline(__always)
  var isJoined: Bool { has(PacketBits.isJoined) }

  /// File and interface in one word; those beyond 65,535 count as the last.
  @inline(__always)
  func source(file: UInt32) -> UInt32 { min(file, 0xFFFF) &<< 16 | UInt32(interface) }

  /// Whether recognizers are asked about the protocol's payload.
  @inline(__always)
  var carriesPayload: Bool { protocolNumber == 6 || protocolNumber == 17 || protocolNumber == 136 }

  var firstPort: UInt16 { UInt16(truncatingIfNeeded: portsAndProtocol >> 48) }
  var secondPort: UInt16 { UInt16(truncatingIfNeeded: portsAndProtocol >> 32) }

  /// Whether the sender of a flow's first packet opened the flow, and how that is known.
  var senderIsOriginator: (Bool, OriginatorBasis) {
    if protocolNumber == 6 {
      if tcpFlags & 0x12 == 0x02 { return (true, .syn) }
      if tcpFlags & 0x12 == 0x12 { return (false, .synAck) }
    }
    guard carriesPayload || protocolNumber == 132 else { return (true, .firstPacket) }
    // The capture began inside the flow, or there is no opening packet to see: the side with a
    // system port (RFC 6335 §6) is the responder where the other one has none.
    let isReversed = has(PacketBits.isReversed)
    let source = isReversed ? secondPort : firstPort
    let destination = isReversed ? firstPort : secondPort
    if source != 0, source < 1_024, destination >= 1_024 { return (false, .wellKnownPort) }
    return (true, .firstPacket)
  }
}

extension OriginatorBasis {
  private static let all: [OriginatorBasis] = [.syn, .synAck, .firstPacket, .wellKnownPort]

  var code: UInt8 {
    switch self {
    case .syn: 0
    case .synAck: 1
    case .firstPacket: 2
    case .wellKnownPort: 3
    }
  }

  init(code: UInt8) {
    self = Self.all.indices.contains(Int(code)) ? Self.all[Int(code)] : .firstPacket
  }
}

extension FlowEndReason {
  private static let all: [FlowEndReason] = [
    .closed, .reset, .idle, .newConnection, .endOfCapture,
  ]

  var code: UInt8 {
    switch self {
    case .closed: 0
    case .reset: 1
    case .idle: 2
    case .newConnection: 3
    case .endOfCapture: 4
    }
  }

  init(code: UInt8) {
    self = Self.all.indices.contains(Int(code)) ? Self.all[Int(code)] : .endOfCapture
  }
}
