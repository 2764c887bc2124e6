// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import PacketDecoding

@testable import FlowTracking
@testable import ProtocolRecognition

/// Collects media units, for tests.
struct UnitLog: MediaUnitConsumer {
  var units: [(unit: MediaUnit, bytes: [UInt8])] = []

  mutating func inspect(_ pending: Span<PendingUnit>, in bytes: borrowing UnitBytes) {
    for index in pending.indices {
      let payload = bytes.payload(of: pending[index])
      units.append((pending[index].unit, payload.array(0..<payload.count)))
    }
  }
}

/// Stands in for a flow table: its flows are named by the test.
struct ScriptedTable: FlowAccess {
  var flows: [FlowEndpoints] = []
  /// Interest last set, by flow and direction.
  var interests: [UInt32: [FlowDirection: FlowInterest]] = [:]
  var arena: [UInt8] = []
  /// Flows that get no more packets.
  var over: Set<UInt32> = []

  func endpoints(of flow: UInt32) -> FlowEndpoints {
    Int(flow) < flows.count ? flows[Int(flow)] : Traffic.defaultEndpoints
  }

  func isOver(_ flow: UInt32, at time: Int64) -> Bool { over.contains(flow) }

  mutating func setInterest(
    _ interest: FlowInterest, of flow: UInt32, direction: FlowDirection
  ) { interests[flow, default: [:]][direction] = interest }

  var arenaBytes: Span<UInt8> { arena.span }
}

/// Feeds payloads written in code to an engine, one batch a payload, as the flow table would.
struct Traffic: ~Copyable {
  var engine = RecognitionEngine()
  var table = ScriptedTable()
  var log = UnitLog()
  var frame: UInt64 = 0
  var time: Int64 = 1_700_000_000_000_000_000

  static let camera = IPAddress(v4: 0xC0A8_0140)
  static let viewer = IPAddress(v4: 0xC633_6407)
  static let defaultEndpoints = FlowEndpoints(
    originatorAddress: camera, responderAddress: viewer, originatorPort: 40_000,
    responderPort: 40_002, protocolNumber: 17)

  /// Sends one datagram or one run of stream bytes.
  mutating func send(
    _ bytes: [UInt8], flow: UInt32 = 0, from direction: FlowDirection = .fromOriginator,
    isDatagram: Bool = true, originalLength: Int? = nil, after nanoseconds: Int64 = 1_000_000
  ) {
    event(
      isDatagram ? .datagram : .bytes, bytes, flow: flow, direction,
      originalLength ?? bytes.count, nanoseconds)
  }

  /// Sends datagrams in one batch, `interval` nanoseconds apart.
  mutating func send(datagrams: [[UInt8]], interval: Int64) {
    let block = Block(byteCount: datagrams.reduce(1) { $0 + $1.count })
    let all = Array(datagrams.joined())
    block.copy(from: all.span)
    var packets: [DecodedPacket] = []
    var events: [FlowEvent] = []
    var offset: UInt32 = 0
    for (index, bytes) in datagrams.enumerated() {
      time += interval
      var packet = DecodedPacket()
      packet.time = time
      packets.append(packet)
      events.append(
        FlowEvent(
          kind: .datagram, direction: .fromOriginator, source: .block, flow: 0,
          packet: UInt32(index), offset: offset, length: UInt32(bytes.count),
          originalLength: UInt32(bytes.count), streamOffset: 0))
      offset += UInt32(bytes.count)
    }
    let batch = PacketBatch(block: block, packets: packets, file: 0, firstFrame: frame + 1)
    frame += UInt64(datagrams.count)
    engine.process(events, batch: batch, table: &table)
    let arena = table.arena
    engine.hand(batch, arena.span, &log)
  }

  /// Reports missing stream bytes.
  mutating func gap(_ count: Int, flow: UInt32 = 0, from direction: FlowDirection) {
    event(.gap, [], flow: flow, direction, count, 0)
  }

  private mutating func event(
    _ kind: FlowEvent.Kind, _ bytes: [UInt8], flow: UInt32, _ direction: FlowDirection,
    _ originalLength: Int, _ nanoseconds: Int64
  ) {
    time += nanoseconds
    frame += 1
    let block = Block(byteCount: max(bytes.count, 1))
    block.copy(from: bytes.span)
    var packet = DecodedPacket()
    packet.time = time
    let batch = PacketBatch(block: block, packets: [packet], file: 0, firstFrame: frame)
    let event = FlowEvent(
      kind: kind, direction: direction, source: .block, flow: flow, packet: 0, offset: 0,
      length: UInt32(kind == .gap ? originalLength : bytes.count),
      originalLength: UInt32(originalLength), streamOffset: 0)
    engine.process([event], batch: batch, table: &table)
    let arena = table.arena
    engine.hand(batch, arena.span, &log)
  }

  /// Ends the flows and joins the signalling.
  mutating func finish() -> RecognitionResult {
    var results = [engine.finish()]
    let table = self.table
    SignallingJoin.join(&results) { table.endpoints(of: $0.index) }
    return results[0]
  }

  /// Names the endpoints of the next flow.
  mutating func addFlow(
    _ originator: IPAddress = camera, _ originatorPort: UInt16 = 40_000,
    _ responder: IPAddress = viewer, _ responderPort: UInt16 = 40_002, protocolNumber: UInt8 = 17
  ) {
    table.flows.append(
      FlowEndpoints(
        originatorAddress: originator, responderAddress: responder,
        originatorPort: originatorPort, responderPort: responderPort,
        protocolNumber: protocolNumber))
  }
}
