// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import PacketDecoding
import TestSupport
import Testing

@testable import FlowTracking

/// Packets made to cost time or memory.
@Suite struct HostileFlowsTests {
  /// Flows whose fixed hash is the same: one address pair for which the hash of the addresses
  /// takes the ports out of the result.
  @Test func collidingKeysCostNoMoreThanOthers() {
    var table = FlowTable(configuration: FlowTrackingConfiguration(), seed: 99)
    let count = 60_000
    var packets: [DecodedPacket] = []
    for number in 0..<count {
      var packet = DecodedPacket()
      packet.firstHigh = 0x2001_0DB8_0000_0000
      packet.firstLow = 1
      packet.secondHigh = 0x2001_0DB8_0000_0001
      packet.secondLow = 2
      packet.protocolNumber = 17
      packet.portsAndProtocol = UInt64(number) << 32 | 17
      packet.keyHash = 0x4000_0000_0000_0000
      packet.flags = [.hasNetworkLayer, .hasTransportHeader]
      packet.fingerprint = UInt64(number) &* 0xD6E8_FEB8_6659_FD93 &+ 1
      packet.originalLength = 60
      packets.append(packet)
    }
    let order = packets.indices.map(UInt32.init)
    let clock = ContinuousClock()
    let time = clock.measure {
      // Twice, so that every flow is found again.
      for number in 0..<2 {
        var batch = PacketBatch(
          block: Block(byteCount: 1), packets: packets, file: 0, firstFrame: 1)
        batch.firstNumber = UInt64(number * count)
        var events: [FlowEvent] = []
        table.track(batch, order: order.span, into: &events)
      }
    }
    let flows = table.count
    #expect(flows == count)
    // Each against all others would be 3.6 thousand million steps: minutes in a debug build.
    #expect(time < .seconds(20))
  }

  /// The address pair that would do it, from the hash as it is written.
  @Test func anyoneCanMakeSuchPairs() {
    var frames: [[UInt8]] = []
    // first ^ seeds.0 == 1 and second ^ seeds.1 == seeds.2, so that the product is seeds.2.
    func address(_ mixed: UInt64, _ high: UInt64, rotatedBy shift: UInt64) -> [UInt8] {
      let low = mixed ^ (high << shift | high >> (64 - shift))
      return Packet.long(Int(high >> 32)) + Packet.long(Int(high & 0xFFFF_FFFF))
        + Packet.long(Int(low >> 32)) + Packet.long(Int(low & 0xFFFF_FFFF))
    }
    let first = address(
      0x6A09_E667_F3BC_C909 ^ 1, 0x2001_0DB8_0000_0000, rotatedBy: 29)
    let second = address(
      0xBB67_AE85_84CA_A73B ^ 0x3C6E_F372_FE94_F82B, 0x2001_0DB8_0000_0001, rotatedBy: 43)
    for port in 1...50 {
      let layer = Packet.udp(from: port, to: 2_000 + port, [1])
      frames.append(
        [0x60, 0, 0, 0] + Packet.word(layer.bytes.count) + [17, 64] + first + second + layer.bytes)
    }
    var hashes: Set<UInt64> = []
    for frame in frames {
      let block = Block(byteCount: frame.count)
      block.copy(from: frame.span)
      let record = CaptureRecord(
        time: 0, offset: 0, capturedLength: UInt32(frame.count),
        originalLength: UInt32(frame.count), interface: 0)
      let batch = PacketDecoder().decode(
        RecordBatch(
          block: block, records: [record], file: 0, firstFrame: 1, fileOffset: 0,
          linkTypes: [LinkType(rawValue: 101)]))
      hashes.insert(batch.packets[0].keyHash)
    }
    // Should the hash change so that this fails, find the pair that breaks the new one.
    #expect(hashes.count == 1)
  }

  @Test func streamsWithHolesShareABoundedMemory() {
    var table = FlowTable(configuration: FlowTrackingConfiguration(), seed: 7)
    var events: [FlowEvent] = []
    let payload = Packet.payload(1_400)
    let order = (0..<30).map(UInt32.init)
    // 200 streams that never get their first bytes, 40 kB ahead of the hole in each.
    for flow in 0..<200 {
      var packets: [DecodedPacket] = []
      for segment in 0..<30 {
        var packet = DecodedPacket()
        packet.firstLow = IPAddress(v4: 0x0A00_0001).low
        packet.secondLow = IPAddress(v4: 0xCB00_7101).low
        packet.protocolNumber = 6
        packet.portsAndProtocol = UInt64(1_024 + flow) << 48 | 443 << 32 | 6
        packet.keyHash = UInt64(flow) &* 0x9E37_79B9_7F4A_7C15
        packet.flags = [.hasNetworkLayer, .hasTransportHeader]
        packet.tcpFlags = segment == 0 ? 2 : 0x10
        packet.window = 1_000
        packet.sequenceNumber = segment == 0 ? 0 : UInt32(5_000 + segment * 1_400)
        packet.payloadLength = segment == 0 ? 0 : 1_400
        packet.payloadCapturedLength = packet.payloadLength
        packet.originalLength = 1_454
        packet.fingerprint = UInt64(flow * 100 + segment) &* 0xD6E8_FEB8_6659_FD93 &+ 1
        packets.append(packet)
      }
      let block = Block(byteCount: payload.count)
      block.copy(from: payload.span)
      let batch = PacketBatch(block: block, packets: packets, file: 0, firstFrame: 1)
      table.track(batch, order: order.span, into: &events)
    }
    var held = 0
    for index in 0..<table.disorders.count {
      held += table.disorders[index].waiting(.fromOriginator).cost
    }
    #expect(held <= MemoryLimits.standard.reassemblyBytes)
    #expect(held > MemoryLimits.standard.reassemblyBytes / 2)
    let givenUp = table.waitingBudget.givenUp
    #expect(givenUp.count > 50)
    // The oldest went first, with their bytes and the hole before them.
    #expect(events.first { $0.kind == .gap }?.flow == 0)
    let handed = events.reduce(0) { $1.kind == .bytes ? $0 + Int($1.length) : $0 }
    table.finish(into: &events)
    #expect(handed > 0)
    var left = 0
    for index in 0..<table.disorders.count
    where !table.disorders[index].waiting(.fromOriginator).isEmpty {
      left += 1
    }
    #expect(left == 0)
  }

  /// A flood of closed windows makes no more details than it may.
  @Test func closedWindowsCostLittle() {
    var harness = TrackingHarness()
    for flow in 0..<5_000 {
      var packet = TestPacket()
      packet.sourcePort = UInt16(1_024 + flow)
      packet.window = 0
      harness.track([packet])
    }
    let disorders = harness.table.disorders.count
    let flows = harness.table.count
    #expect(disorders == 4_096)
    #expect(flows == 5_000)
  }

  /// Waiting and being released again and again leaves nothing behind.
  @Test func theQueueOfWaitingStreamsStaysShort() {
    var budget = WaitingBudget(maximumBytes: 1 << 20)
    for _ in 0..<100_000 {
      budget.enqueue(1, .fromOriginator)
      if budget.isQueueStale { #expect(budget.takeQueue().count == 1) }
    }
    var count = 0
    while budget.dequeue() != nil { count += 1 }
    #expect(count <= 1_025)
  }

  /// Closed windows of so many flows that not all can be counted: unknown, not none.
  @Test func closedWindowsBeyondTheBoundAreUnknown() {
    var harness = TrackingHarness()
    let count = 5_000
    harness.track(
      (0..<count).map { number in
        var packet = TestPacket()
        packet.sourcePort = UInt16(10_000 + number)
        packet.window = 0
        return packet
      })
    var open = TestPacket()
    open.sourcePort = 9
    harness.track([open])
    let flows = harness.flows()
    let counted = flows.filter { $0.zeroWindows(.fromOriginator) == 1 }.count
    #expect(counted == 4_096)
    #expect(flows.filter { $0.zeroWindows(.fromOriginator) == nil }.count == count - counted)
    #expect(flows.filter { $0.zeroWindows(.fromOriginator) == 0 }.count == 1)
    #expect(flows.allSatisfy { $0.zeroWindows(.fromResponder) == 0 })
  }
}
