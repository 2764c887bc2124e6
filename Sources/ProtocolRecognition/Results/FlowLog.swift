// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// What is kept of a flow while packets run: numbers only, 24 bytes, without references.
struct FlowRecord: Sendable, BitwiseCopyable {
  /// Index of the flow in its shard.
  var flow: UInt32
  /// Number of the server's name among the log's texts.
  var serverName = FlowLog.none
  /// The fact noted last; each names the one before.
  var lastFact = FlowLog.none
  /// Place of what few flows have.
  var rare = FlowLog.none
  /// Number of the packet that decided the service among the log's packets.
  var evidence = FlowLog.none
  var factCount: UInt8 = 0
  var service: Service?
  var intent: MediaIntent?
  var isWebRTC = false

  init(flow: UInt32) { self.flow = flow }
}

/// What the flows of a shard told about their ends: texts kept once, named by records of fixed
/// size; strings are made of what is asked for.
struct FlowLog: Sendable {
  /// "No index".
  static let none = UInt32.max
  /// One fact, 16 bytes.
  private struct FactRecord: Sendable, BitwiseCopyable {
    /// Number of its packet.
    var packet: UInt32
    var text: UInt32
    /// The fact of the same flow before, or `none`.
    var previous: UInt32
    var kind: FlowFact.Kind
    var direction: FlowDirection
  }

  /// A packet in words of four bytes, which have no gaps between them: 20 instead of 24.
  private struct PackedReference: Sendable, BitwiseCopyable {
    private var file: UInt32
    private var frame: (UInt32, UInt32)
    private var time: (UInt32, UInt32)

    init(_ packet: PacketReference) {
      file = packet.file
      frame = Self.halves(packet.frame)
      time = Self.halves(UInt64(bitPattern: packet.time))
    }

    var packet: PacketReference {
      PacketReference(
        file: file, frame: Self.whole(frame), time: Int64(bitPattern: Self.whole(time)))
    }

    private static func halves(_ value: UInt64) -> (UInt32, UInt32) {
      (UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32))
    }

    private static func whole(_ halves: (UInt32, UInt32)) -> UInt64 {
      UInt64(halves.1) << 32 | UInt64(halves.0)
    }
  }

  /// What few flows have.
  struct RareFacts: Sendable {
    var storedFootage: PacketReference?
    var innerServices: [Service] = []
  }

  /// A log that is shared and no longer changes.
  final class Archive: Sendable {
    let log: FlowLog

    init(_ log: FlowLog) { self.log = log }
  }

  /// Facts that are kept, `MemoryLimits.facts`.
  private let maximumFacts: Int
  private(set) var texts: TextStore
  private var facts: [FactRecord] = []
  /// Packets that facts stand in and services were told by; several share one.
  private var packets: [PackedReference] = []
  /// The last of them.
  private var lastPacket = PacketReference(file: 0, frame: 0, time: 0)
  private var rareFacts: [RareFacts] = []

  init(_ limits: MemoryLimits) {
    maximumFacts = limits.facts
    texts = TextStore(maximumBytes: limits.factBytes)
  }

  /// The number of a packet; the same for what one packet tells at once.
  @inline(__always)
  mutating func number(of packet: PacketReference) -> UInt32 {
    if packet.frame != lastPacket.frame || packet.time != lastPacket.time
      || packet.file != lastPacket.file || packets.isEmpty
    {
      add(packet)
    }
    return UInt32(truncatingIfNeeded: packets.count &- 1)
  }

  @inline(never)
  private mutating func add(_ packet: PacketReference) {
    lastPacket = packet
    packets.appendToLog(PackedReference(packet))
  }

  /// The packet with a number; `nil` of ``none``.
  func packet(_ number: UInt32) -> PacketReference? {
    Int(number) < packets.count ? packets[Int(number)].packet : nil
  }

  /// Keeps a text; `nil` when there is no room.
  mutating func text(_ bytes: Span<UInt8>) -> UInt32? { texts.store(bytes) }

  /// Adds a fact to a flow unless it is known; `false` when there is no room.
  mutating func add(
    _ kind: FlowFact.Kind, _ text: Span<UInt8>, _ direction: FlowDirection,
    _ packet: PacketReference, to flow: inout FlowRecord
  ) -> Bool {
    var index = flow.lastFact
    while index != Self.none {
      let fact = facts[Int(index)]
      if fact.kind == kind, fact.direction == direction,
        texts.bytes(fact.text).hasSameBytes(as: text)
      {
        return true
      }
      index = fact.previous
    }
    guard facts.count < maximumFacts, let number = texts.store(text) else { return false }
    let place = UInt32(truncatingIfNeeded: facts.count)
    facts.appendToLog(
      FactRecord(
        packet: self.number(of: packet), text: number, previous: flow.lastFact, kind: kind,
        direction: direction))
    flow.lastFact = place
    flow.factCount &+= 1
    return true
  }

  /// Changes what few flows have.
  mutating func withRareFacts(of flow: inout FlowRecord, _ change: (inout RareFacts) -> Void) {
    if flow.rare == Self.none {
      flow.rare = UInt32(truncatingIfNeeded: rareFacts.count)
      rareFacts.append(RareFacts())
    }
    change(&rareFacts[Int(flow.rare)])
  }

  /// What few flows have.
  func rareFacts(of flow: FlowRecord) -> RareFacts? {
    flow.rare == Self.none ? nil : rareFacts[Int(flow.rare)]
  }

  /// Whether a fact of a flow is an event.
  func tellsEvents(_ flow: FlowRecord) -> Bool {
    var index = flow.lastFact
    while index != Self.none {
      if facts[Int(index)].kind.isEvent { return true }
      index = facts[Int(index)].previous
    }
    return false
  }

  /// The facts of a flow in order of their packets.
  func facts(
    of flow: FlowRecord, where isWanted: (FlowFact.Kind) -> Bool = { _ in true }
  ) -> [FlowFact] {
    var found: [FlowFact] = []
    var index = flow.lastFact
    while index != Self.none {
      let fact = facts[Int(index)]
      if isWanted(fact.kind) {
        found.append(
          FlowFact(
            kind: fact.kind, text: texts[fact.text], direction: fact.direction,
            packet: packets[Int(fact.packet)].packet))
      }
      index = fact.previous
    }
    found.reverse()
    return found
  }

  /// Makes fingerprints of the keys that stand in their place while packets run.
  mutating func finish() {
    var known: [UInt32: UInt32] = [:]
    for index in facts.indices where facts[index].kind == .ja4 {
      let key = facts[index].text
      if known[key] == nil {
        let fingerprint = JA4.fingerprint(ofKey: texts.bytes(key))
        known[key] = texts.store(fingerprint.utf8.span, isBounded: false)
      }
      facts[index].text = known[key] ?? key
    }
  }
}

extension Array {
  /// Appends to what grows until the capture ends.
  ///
  /// Room for eight times as many instead of twice: what was copied before is an eighth of all, not
  /// as much again, and room that nobody has touched yet costs no memory. Most shards of a capture
  /// come to more than the first room.
  @inline(__always)
  mutating func appendToLog(_ element: Element) {
    if count == capacity { reserveCapacity(Swift.max(256, count &* 8)) }
    append(element)
  }
}

/// What is known of the flows of a shard, in order of their first recognised packets.
package struct FlowRecognitions: RandomAccessCollection, MutableCollection, Sendable {
  private(set) var records: [FlowRecord] = []
  private(set) var log: FlowLog.Archive?
  /// Set after the capture had been read, by index; few.
  private(set) var amendments: [Int: FlowRecognition.Amendment] = [:]

  /// Nothing is known.
  package init() {}

  /// Holds `flows`.
  package init(_ flows: [FlowRecognition]) {
    for flow in flows { append(flow) }
  }

  init(_ records: [FlowRecord], _ log: FlowLog.Archive) {
    self.records = records
    self.log = log
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { records.count }

  package subscript(index: Int) -> FlowRecognition {
    get {
      guard !amendments.isEmpty, let amendment = amendments[index] else {
        return FlowRecognition(records[index], log, [])
      }
      return FlowRecognition(records[index], log, [amendment])
    }
    set {
      var flow = newValue
      if flow.log !== log { flow.amend() }
      records[index] = flow.record
      amendments[index] = flow.amendment.first
    }
  }

  /// The index of a flow in its shard, without the rest.
  package func flow(at index: Int) -> UInt32 { records[index].flow }

  /// Adds a flow.
  package mutating func append(_ flow: FlowRecognition) {
    records.append(flow.record)
    self[records.count - 1] = flow
  }
}
