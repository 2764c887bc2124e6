// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
package import FlowTracking
package import PacketDecoding

/// Recognises what the flows of one shard speak, from the events of its flow table.
///
/// Hand every batch's events to ``handle(_:batch:table:)``, then the media units it found to
/// MediaInspection with ``deliver(batch:table:to:)``, before the batch's events are discarded.
package struct RecognitionEngine: ~Copyable {
  /// The state of a flow that is still of interest.
  private struct Slot {
    var host = PayloadHost()
    var endpoints = FlowEndpoints(
      originatorAddress: .unspecified, responderAddress: .unspecified, originatorPort: 0,
      responderPort: 0, protocolNumber: 0)
    var result = RecognitionContext.none
    var isFirstSettled = false
    var isSecondSettled = false

    /// What is needed before the slot is used.
    ///
    /// Mutating, as the next one: reading a field of a struct with references copies the whole,
    /// changing it in place does not.
    mutating func enter() -> (FlowEndpoints, UInt32) { (endpoints, result) }

    /// Gives the slot, which is empty, to a flow; `oldResult` is what an earlier slot of it left.
    mutating func begin(_ newEndpoints: FlowEndpoints, isWhole: Bool, oldResult: UInt32) {
      endpoints = newEndpoints
      result = oldResult
      isFirstSettled = false
      isSecondSettled = false
      host.mayJoinMidStream = !isWhole
    }

    /// Keeps the result, and says what the shortcut needs.
    mutating func leave(_ newResult: UInt32, _ flow: UInt32, _ time: Int64) -> Shortcut {
      result = newResult
      return Shortcut(
        originatorStream: host.currentStream(.fromOriginator),
        responderStream: host.currentStream(.fromResponder),
        isOriginatorDone: host.sides[0].isDone, isResponderDone: host.sides[1].isDone, flow: flow,
        lastTime: time)
    }
  }

  /// What the path of settled RTP streams needs of a slot; apart from it, because reading one field
  /// of a struct with references in it copies the whole (measured: 300 instructions).
  private struct Shortcut: BitwiseCopyable {
    var originatorStream = RecognitionContext.none
    var responderStream = RecognitionContext.none
    var isOriginatorDone = false
    var isResponderDone = false
    /// The flow that has the slot, and when it was last heard of.
    var flow: UInt32 = 0
    var lastTime = Int64.min

    /// Whether one direction at least is a stream of RTP.
    var isMedia: Bool { originatorStream & responderStream != RecognitionContext.none }

    /// The stream that a direction's last packet belonged to.
    func stream(_ direction: FlowDirection) -> UInt32 {
      switch direction {
      case .fromOriginator: originatorStream
      case .fromResponder: responderStream
      }
    }
  }

  /// Slots without streams of RTP looked at to find one that has been silent for long, when all are
  /// taken.
  private static let slotsToCompare = 32

  /// Slots in use before those of flows that are over are looked for.
  private static let slotsBeforeReclaiming = 16

  /// Flows that there is room for from the first on.
  private static let firstFlows = 64
  /// Marks a flow of which nothing more is wanted.
  private static let settled = UInt32.max
  /// Marks a flow without a slot yet that began with a SYN, so that its streams are whole.
  private static let opened = UInt32.max - 1
  /// Marks a flow of domain names, which needs no state: capture files hold millions of them.
  private static let names = UInt32.max - 2
  /// Marks a flow whose slot was taken back because nothing was to come; the other bits are its
  /// result, for the case that something comes nevertheless.
  private static let takenBack: UInt32 = 1 << 31
  /// Events whose flows and bytes are loaded ahead of their turn, so that their cache misses
  /// overlap.
  private static let lookAhead = 16
  /// The SYN flag of TCP, RFC 9293 §3.1.
  private static let synchronize: UInt8 = 0x02

  private var context: RecognitionContext
  private var slots: [Slot] = []
  private var shortcuts: [Shortcut] = []
  private var freeSlots: [UInt32] = []
  /// Slots of flows with streams of RTP, which the bound of streams bounds.
  private var mediaSlotCount = 0
  /// The directions that were streams of RTP, of flows that are over and have no slot any more.
  private var mediaOfFlowsOver: [UInt32: (originator: Bool, responder: Bool)] = [:]
  private var nextCompared = 0
  private var nextReclaimed = 0
  /// Slot plus one of every flow that had payload, or a mark, by flow index; 0 for none.
  private var slotOfFlow: [UInt32] = []
  /// Takes what the look-ahead loads, so that it is not optimised away.
  private var lookAheadSum: UInt64 = 0

  /// Makes an engine without flows.
  package init(limits: MemoryLimits = .standard) { context = RecognitionContext(limits) }

  /// Media units found in the last batch, in capture order; see ``deliver(batch:table:to:)``.
  package var units: Span<PendingUnit> {
    @_lifetime(borrow self)
    get { context.units.span }
  }

  /// Bytes of units with the source `copied`.
  package var copiedBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { context.copied.span }
  }

  /// Handles the events of a batch, in order.
  ///
  /// - Complexity: O(events); settled RTP streams neither allocate nor copy.
  package mutating func handle(
    _ events: [FlowEvent], batch: borrowing PacketBatch, table: inout FlowTable
  ) {
    process(events, batch: batch, table: &table)
  }

  mutating func process<Table: FlowAccess & ~Copyable>(
    _ events: [FlowEvent], batch: borrowing PacketBatch, table: inout Table
  ) {
    // Emptying an empty array costs as much as a packet.
    if !context.units.isEmpty { context.units.removeAll(keepingCapacity: true) }
    if !context.copied.isEmpty { context.copied.removeAll(keepingCapacity: true) }
    let block = batch.block
    let view = BatchView(
      packets: batch.packets.span, frameOffsets: batch.frameOffsets.span, block: block.bytes,
      joined: batch.joined.span, file: batch.file, firstFrame: batch.firstFrame,
      firstNumber: batch.firstNumber)
    for index in events.indices {
      if index & (Self.lookAhead - 1) == 0 { loadAhead(events, index, view) }
      let flow = Int(events[index].flow)
      let known = flow < slotOfFlow.count ? slotOfFlow[flow] : 0
      switch events[index].kind {
      case .datagram where Self.isSlot(known):
        // A stream that is believed already: the direction's last SSRC again.
        let current = shortcuts[Int(known) - 1].stream(events[index].direction)
        if current != RecognitionContext.none,
          context.receiveKnownRTP(events, index, view, current)
        {
          continue
        }
        handle(events, index, view, known, &table)
      case .datagram, .bytes:
        guard known != Self.settled else { continue }
        handle(events, index, view, known, &table)
      case .started:
        if view.packets[Int(events[index].packet)].tcpFlags & Self.synchronize != 0 {
          remember(Self.opened, events[index].flow)
        }
      case .gap:
        guard known < Self.takenBack || known == Self.opened else { continue }
        let event = events[index]
        let slot = slot(known, of: event.flow, view.packets[Int(event.packet)].time, &table)
        enter(event.flow, slot)
        slots[slot].host.gap(Int(event.length), event.direction, &context)
        slots[slot].result = context.result
      case .ended:
        guard Self.isSlot(known) else { continue }
        enter(events[index].flow, Int(known) - 1)
        release(events[index].flow, Int(known) - 1)
      }
    }
  }

  /// Whether what is known of a flow is its slot plus one.
  @inline(__always)
  private static func isSlot(_ known: UInt32) -> Bool { known &- 1 < takenBack &- 1 }

  /// Touches what the next events will need.
  @inline(never)
  private mutating func loadAhead(
    _ events: [FlowEvent], _ first: Int, _ view: borrowing BatchView
  ) {
    var sum: UInt64 = 0
    do {
      let events = events.span
      let slots = slotOfFlow.span
      let shortcuts = shortcuts.span
      let last = min(first &+ Self.lookAhead, events.count)
      for index in first..<last {
        let flow = Int(events[index].flow)
        let start = Int(events[index].offset)
        if flow < slots.count { sum &+= UInt64(slots[flow]) }
        if start < view.block.count { sum &+= UInt64(view.block[start]) }
      }
      for index in first..<last {
        let flow = Int(events[index].flow)
        guard flow < slots.count, Self.isSlot(slots[flow]) else { continue }
        sum &+= UInt64(shortcuts[Int(slots[flow]) &- 1].flow)
      }
    }
    lookAheadSum &+= sum
  }

  /// Handles the bytes of an event that is no packet of a believed stream of RTP.
  @inline(never)
  private mutating func handle<Table: FlowAccess & ~Copyable>(
    _ events: [FlowEvent], _ index: Int, _ view: borrowing BatchView, _ known: UInt32,
    _ table: inout Table
  ) {
    let event = events[index]
    let range = Int(event.offset)..<Int(event.offset) &+ Int(event.length)
    var isDatagram = false
    if case .datagram = event.kind { isDatagram = true }
    let chunk = Chunk(
      direction: event.direction, isDatagram: isDatagram, followsGap: false, depth: 0,
      originalLength: Int(event.originalLength),
      region: ByteRegion(source: event.source.mediaSource, offset: range.lowerBound),
      packet: view.reference(event.packet), number: view.firstNumber &+ UInt64(event.packet))
    if case .arena = event.source {
      let slot = slot(known, of: event.flow, chunk.packet.time, &table)
      handle(range, of: table.arenaBytes, chunk, event.flow, slot)
      settle(event.flow, slot, &table)
      return
    }
    var isJoined = false
    if case .joined = event.source { isJoined = true }
    let source = isJoined ? view.joined : view.block
    guard range.upperBound <= source.count else { return }
    let bytes = source.extracting(range)
    guard Self.isSlot(known) else {
      handleNew(bytes, chunk, event.flow, known, &table)
      return
    }
    handle(bytes, chunk, event.flow, Int(known) - 1)
    settle(event.flow, Int(known) - 1, &table)
  }

  /// Number of slots, those that are free included.
  var slotCount: Int { slots.count }

  /// Whether a direction of a flow is a stream of RTP that is believed and followed packet by
  /// packet, so that nothing else need be measured to know what it is.
  package func followsMedia(ofFlow flow: UInt32, _ direction: FlowDirection) -> Bool {
    let index = Int(flow)
    guard index < slotOfFlow.count, Self.isSlot(slotOfFlow[index]) else {
      guard let media = mediaOfFlowsOver[flow] else { return false }
      return direction == .fromOriginator ? media.originator : media.responder
    }
    let shortcut = shortcuts[Int(slotOfFlow[index]) - 1]
    return shortcut.flow == flow && shortcut.stream(direction) != RecognitionContext.none
  }

  /// Handles the first bytes of a flow, and all datagrams of domain names.
  @inline(never)
  private mutating func handleNew<Table: FlowAccess & ~Copyable>(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ flow: UInt32, _ known: UInt32, _ table: inout Table
  ) {
    if chunk.isDatagram {
      let ends = table.endpoints(of: flow)
      if let source = DNSRecognizer.source(ends.originatorPort, ends.responderPort),
        DNSMessage.isMessage(bytes, originalLength: chunk.originalLength)
      {
        context.flow = flow
        context.time = chunk.packet.time
        context.endpoints = ends
        context.result = RecognitionContext.none
        if known != Self.names {
          context.setService(source.service, chunk)
          remember(Self.names, flow)
        }
        DNSMessage.announce(bytes, source: source, chunk, &context)
        return
      }
      if known == Self.names { return }
    }
    let slot = newSlot(of: flow, chunk.packet.time, &table)
    handle(bytes, chunk, flow, slot)
    settle(flow, slot, &table)
  }

  /// Handles bytes of a flow that waited for reordering.
  private mutating func handle(
    _ range: Range<Int>, of arena: Span<UInt8>, _ chunk: Chunk, _ flow: UInt32, _ slot: Int
  ) {
    guard range.upperBound <= arena.count else { return }
    handle(arena.extracting(range), chunk, flow, slot)
  }

  /// Handles bytes of a flow that has a slot.
  @inline(never)
  private mutating func handle(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ flow: UInt32, _ slot: Int
  ) {
    enter(flow, slot)
    context.time = chunk.packet.time
    if chunk.isDatagram {
      slots[slot].host.datagram(bytes, chunk, &context)
    } else {
      slots[slot].host.bytes(bytes, chunk, &context)
      slots[slot].host.countHeld(&context)
    }
    let shortcut = slots[slot].leave(context.result, flow, chunk.packet.time)
    if shortcut.isMedia != shortcuts[slot].isMedia { mediaSlotCount += shortcut.isMedia ? 1 : -1 }
    shortcuts[slot] = shortcut
  }

  private mutating func enter(_ flow: UInt32, _ slot: Int) {
    context.flow = flow
    let (endpoints, result) = slots[slot].enter()
    context.endpoints = endpoints
    context.result = result
  }

  private mutating func remember(_ mark: UInt32, _ flow: UInt32) {
    let index = Int(flow)
    if index >= slotOfFlow.count {
      let missing = index &+ 1 &- slotOfFlow.count
      slotOfFlow.append(
        contentsOf: repeatElement(0, count: max(missing, slotOfFlow.count / 4, Self.firstFlows)))
    }
    if slotOfFlow[index] == 0 { slotOfFlow[index] = mark }
  }

  /// The slot of a flow, made when it has none.
  private mutating func slot<Table: FlowAccess & ~Copyable>(
    _ known: UInt32, of flow: UInt32, _ time: Int64, _ table: inout Table
  ) -> Int {
    Self.isSlot(known) ? Int(known) - 1 : newSlot(of: flow, time, &table)
  }

  private mutating func newSlot<Table: FlowAccess & ~Copyable>(
    of flow: UInt32, _ time: Int64, _ table: inout Table
  ) -> Int {
    remember(0, flow)
    context.time = time
    let index = Int(flow)
    let mark = slotOfFlow[index]
    if freeSlots.isEmpty, slots.count >= Self.slotsBeforeReclaiming { reclaim(&table, time) }
    if freeSlots.isEmpty, slots.count - mediaSlotCount >= context.limits.recognitionSlots {
      evict()
    }
    let slot: Int
    if !freeSlots.isEmpty {
      slot = Int(freeSlots.removeLast())
      shortcuts[slot] = Shortcut(flow: flow, lastTime: time)
    } else {
      slot = slots.count
      if slots.isEmpty {
        slots.reserveCapacity(Self.slotsBeforeReclaiming)
        shortcuts.reserveCapacity(Self.slotsBeforeReclaiming)
      }
      slots.append(Slot())
      shortcuts.append(Shortcut(flow: flow, lastTime: time))
    }
    slots[slot].begin(
      table.endpoints(of: flow), isWhole: mark == Self.opened,
      oldResult: mark >= Self.takenBack && mark < Self.names
        ? mark & ~Self.takenBack : RecognitionContext.none)
    slotOfFlow[index] = UInt32(truncatingIfNeeded: slot + 1)
    return slot
  }

  /// Takes back slots of flows that are over or closed, among the next few: flows end in silence,
  /// and the flow table sees it with the next packet of the same ends, which most never send.
  private mutating func reclaim<Table: FlowAccess & ~Copyable>(
    _ table: inout Table, _ time: Int64
  ) {
    // Two would go round before the slots have doubled. Four at once cost little more: the entries
    // of the flow table, seldom in the processor's caches, are waited for together.
    var overSlots = InlineArray<4, Int>(repeating: 0)
    var overCount = 0
    for _ in overSlots.indices {
      nextReclaimed = nextReclaimed + 1 < slots.count ? nextReclaimed + 1 : 0
      let shortcut = shortcuts[nextReclaimed]
      let flow = shortcut.flow
      guard slotOfFlow[Int(flow)] == UInt32(truncatingIfNeeded: nextReclaimed + 1),
        table.isOver(flow, at: time)
      else { continue }
      overSlots[overCount] = nextReclaimed
      overCount += 1
    }
    for index in 0..<overCount {
      let shortcut = shortcuts[overSlots[index]]
      let flow = shortcut.flow
      // Whether a flow has media is asked for to the end.
      if shortcut.isMedia {
        mediaOfFlowsOver[flow] = (
          shortcut.originatorStream != RecognitionContext.none,
          shortcut.responderStream != RecognitionContext.none
        )
      }
      enter(flow, overSlots[index])
      release(flow, overSlots[index])
      slotOfFlow[Int(flow)] =
        context.result < Self.names & ~Self.takenBack ? Self.takenBack | context.result : 0
    }
  }

  /// Gives up the flow that has been silent longest among the next few slots.
  ///
  /// So scans and flows without an end do not fill the memory; flows with RTP streams stay.
  private mutating func evict() {
    var oldest = -1
    var compared = 0
    for _ in shortcuts.indices {
      nextCompared = nextCompared + 1 < slots.count ? nextCompared + 1 : 0
      let shortcut = shortcuts[nextCompared]
      guard !shortcut.isMedia else { continue }
      if oldest < 0 || shortcut.lastTime < shortcuts[oldest].lastTime { oldest = nextCompared }
      compared += 1
      guard compared < Self.slotsToCompare else { break }
    }
    guard oldest >= 0 else { return }
    context.meet(.slots)
    let flow = shortcuts[oldest].flow
    enter(flow, oldest)
    release(flow, oldest)
  }

  /// Tells the flow table of the directions of which nothing more is wanted.
  @inline(__always)
  private mutating func settle<Table: FlowAccess & ~Copyable>(
    _ flow: UInt32, _ slot: Int, _ table: inout Table
  ) {
    let first = shortcuts[slot].isOriginatorDone
    let second = shortcuts[slot].isResponderDone
    guard first || second else { return }
    settle(flow, slot, &table, first, second)
  }

  @inline(never)
  private mutating func settle<Table: FlowAccess & ~Copyable>(
    _ flow: UInt32, _ slot: Int, _ table: inout Table, _ first: Bool, _ second: Bool
  ) {
    if first, !slots[slot].isFirstSettled {
      slots[slot].isFirstSettled = true
      table.setInterest(.none, of: flow, direction: .fromOriginator)
    }
    if second, !slots[slot].isSecondSettled {
      slots[slot].isSecondSettled = true
      table.setInterest(.none, of: flow, direction: .fromResponder)
    }
    if first, second {
      enter(flow, slot)
      release(flow, slot)
    }
  }

  private mutating func release(_ flow: UInt32, _ slot: Int) {
    if shortcuts[slot].isMedia { mediaSlotCount -= 1 }
    context.time = shortcuts[slot].lastTime
    slots[slot].host.end(&context)
    slots[slot].host.countHeld(&context)
    slots[slot].host.reset()
    slotOfFlow[Int(flow)] = Self.settled
    freeSlots.append(UInt32(truncatingIfNeeded: slot))
  }

  /// Ends all flows and gives out what was learnt; the engine is empty afterwards.
  package mutating func finish() -> RecognitionResult {
    context.units.removeAll()
    context.copied.removeAll()
    for flow in slotOfFlow.indices where Self.isSlot(slotOfFlow[flow]) {
      let slot = Int(slotOfFlow[flow]) - 1
      enter(UInt32(flow), slot)
      release(UInt32(flow), slot)
    }
    let result = RecognitionResult(context: &context)
    self = RecognitionEngine(limits: context.limits)
    return result
  }
}

extension RecognitionEngine {
  /// Hands the media units of the last batch to `consumer`, in capture order.
  package borrowing func deliver<Consumer: MediaUnitConsumer & ~Copyable>(
    batch: borrowing PacketBatch, table: borrowing FlowTable, to consumer: inout Consumer
  ) {
    hand(batch, table.arenaBytes, &consumer)
  }

  func hand<Consumer: MediaUnitConsumer & ~Copyable>(
    _ batch: borrowing PacketBatch, _ arena: Span<UInt8>, _ consumer: inout Consumer
  ) {
    guard !context.units.isEmpty else { return }
    let block = batch.block
    consumer.inspect(
      context.units.span,
      in: UnitBytes(
        block: block.bytes, joined: batch.joined.span, arena: arena,
        copied: context.copied.span))
  }
}

/// What the events of a batch point into.
struct BatchView: ~Escapable {
  let packets: Span<DecodedPacket>
  let frameOffsets: Span<UInt32>
  let block: Span<UInt8>
  let joined: Span<UInt8>
  let file: UInt32
  let firstFrame: UInt64
  let firstNumber: UInt64

  @_lifetime(copy packets, copy frameOffsets, copy block, copy joined)
  init(
    packets: Span<DecodedPacket>, frameOffsets: Span<UInt32>, block: Span<UInt8>,
    joined: Span<UInt8>, file: UInt32, firstFrame: UInt64, firstNumber: UInt64
  ) {
    self.packets = packets
    self.frameOffsets = frameOffsets
    self.block = block
    self.joined = joined
    self.file = file
    self.firstFrame = firstFrame
    self.firstNumber = firstNumber
  }

  /// The place of a packet in the evidence.
  @inline(__always)
  func reference(_ packet: UInt32) -> PacketReference {
    let record = frameOffsets.isEmpty ? packet : frameOffsets[Int(packet)]
    return PacketReference(
      file: file, frame: firstFrame &+ UInt64(record), time: packets[Int(packet)].time)
  }
}

/// What the engine needs of a flow table; tests stand in for it.
///
/// Mutating, because a table that is only borrowed is copied to be passed on (measured: 76
/// instructions).
protocol FlowAccess: ~Copyable {
  mutating func endpoints(of flow: UInt32) -> FlowEndpoints
  /// Whether a flow is over, or closed before `time`, so that nothing new is to come of it.
  mutating func isOver(_ flow: UInt32, at time: Int64) -> Bool
  mutating func setInterest(
    _ interest: FlowInterest, of flow: UInt32, direction: FlowDirection)
  var arenaBytes: Span<UInt8> { @_lifetime(borrow self) get }
}

extension FlowTable: FlowAccess {}

extension FlowEvent.Source {
  var mediaSource: MediaSource {
    switch self {
    case .block: .block
    case .joined: .joined
    case .arena: .arena
    }
  }
}
