// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import ProtocolRecognition
import StageSamples
import Testing

@testable import HostInventory

@Suite struct HostTallyTests {
  private static let first: UInt64 = 0x0011_2233_4455
  private static let second: UInt64 = 0x0011_2233_4466

  private func glance(_ number: Int, _ macAddress: UInt64, start: Double) throws -> FlowGlance {
    FlowGlance(
      try SampleFlow(id: number, sentBytes: 1_000, start: start, fromMAC: macAddress).flow,
      number: UInt64(number))
  }

  @Test func flowsAddUpInAnyOrder() throws {
    let flows = [
      try glance(3, Self.first, start: 30), try glance(1, Self.second, start: 10),
      try glance(2, Self.first, start: 20),
    ]
    var tally = HostTally()
    let others = flows.map {
      tally.add($0, sent: $0.originator, received: $0.responder, order: $0.number * 2)
    }
    // Only what is not the first hardware address seen here is noted apart.
    #expect(others == [nil, MACAddress(bits: Self.second), nil])
    let note = try #require(tally.hardware(ofNumber: 5))
    #expect(note.macAddress == MACAddress(bits: Self.first))
    #expect(note.order == 4)
    #expect(note.address == 5)
    #expect(note.isInside)
    #expect(tally.observed.sentBytes == 3_000)
    #expect(tally.observed.firstTime == time(10))
    #expect(tally.observed.lastTime == time(90))
  }

  @Test func theFirstHardwareAddressIsThatOfTheEarliestNote() throws {
    var addresses = AddressIndex()
    let number = addresses.number(of: try ip("192.168.1.10"))
    var builder = InventoryBuilder()
    builder.take(addresses)
    let packet = PacketReference(file: 0, frame: 1, time: time(0))
    let isOpen = builder.open(number, firstPacket: packet)
    #expect(isOpen)
    for bits in [Self.second, Self.first] {
      builder.add(
        HardwareNote(
          order: 0, address: number, macAddress: MACAddress(bits: bits), isInside: true))
    }
    #expect(builder.hosts.first?.macAddress == MACAddress(bits: Self.second))
  }

  @Test func hostsBeyondTheBoundAreLeftOut() throws {
    var limits = MemoryLimits.standard
    limits.hosts = 1
    var addresses = AddressIndex()
    let numbers = [try ip("192.168.1.1"), try ip("192.168.1.2")].map { addresses.number(of: $0) }
    var builder = InventoryBuilder(limits: limits)
    builder.take(addresses)
    let packet = PacketReference(file: 0, frame: 1, time: time(0))
    let areOpen = numbers.map { builder.open($0, firstPacket: packet) }
    #expect(areOpen == [true, false])
    builder.leaveOut(BoundCount(count: 3, firstTime: 7))
    let inventory = builder.finish()
    #expect(inventory.devices.count == 1)
    #expect(inventory.overflow == BoundCount(count: 3, firstTime: 7))
  }
}

@Suite struct TellingFlowsTests {
  @Test func whatWasToldBeforeIsNotToldAgainInTheSameShard() throws {
    var telling = TellingFlows()
    func tells(_ sample: SampleFlow, shard: UInt32, host: Int) throws -> Bool {
      var flow = try sample.flow
      flow.place = FlowPlace(shard: shard, index: 0)
      return telling.tells(
        FlowGlance(flow, number: 1), .none, asking: .nothing, originator: host, responder: nil,
        isResponderInside: false)
    }
    // A port of the table that is dialled, and one that says nothing.
    let port = try #require(
      (1_025...65_535).first {
        CameraPorts.shared.isKnown($0, protocolNumber: 6, isListening: false)
      })
    let camera = SampleFlow(toPort: port, sentBytes: 10, receivedBytes: 10)
    #expect(try !tells(SampleFlow(toPort: 443, sentBytes: 10), shard: 0, host: 1))
    #expect(try tells(camera, shard: 0, host: 1))
    #expect(try !tells(camera, shard: 0, host: 1))
    #expect(try tells(camera, shard: 0, host: 2))
    #expect(try tells(camera, shard: 1, host: 1))
  }
}
