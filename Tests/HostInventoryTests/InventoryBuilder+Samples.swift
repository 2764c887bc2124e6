// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import ProtocolRecognition
import Testing

@testable import HostInventory

extension InventoryBuilder {
  /// Adds a flow with the name that its originator asked for, empty for none.
  mutating func add(
    _ flow: Flow, _ brief: RecognitionBrief = .none, asking name: String = "",
    isOriginatorInside: Bool = true, isResponderInside: Bool = false
  ) {
    var numbered = addresses
    let first = numbered.number(of: flow.originatorAddress)
    let second = numbered.number(of: flow.responderAddress)
    take(numbered)
    let meaning = CameraDomains.shared.meaning(ofText: name)
    let glance = FlowGlance(flow, number: UInt64(flow.id))
    let originator = End(number: first, isInside: isOriginatorInside)
    let responder = End(number: second, isInside: isResponderInside)
    let hosts = (
      tally(glance, .fromOriginator, originator, flow.originatorAddress, meaning),
      tally(glance, .fromResponder, responder, flow.responderAddress, .nothing)
    )
    var telling = TellingFlows()
    if telling.tells(
      glance, brief, asking: meaning, originator: hosts.0, responder: hosts.1,
      isResponderInside: isResponderInside)
    {
      add(flow, brief, asking: meaning, originator: originator, responder: responder)
    }
  }

  /// Adds a flow to the sums of the host at an end, as a survey of all flows does; returns the host.
  private mutating func tally(
    _ flow: FlowGlance, _ direction: FlowDirection, _ end: End, _ address: IPAddress,
    _ meaning: CameraDomains.Meaning
  ) -> Int? {
    let order = flow.number * 2 + UInt64(direction.rawValue)
    let isForward = direction == .fromOriginator
    let sent = isForward ? flow.originator : flow.responder
    let received = isForward ? flow.responder : flow.originator
    guard end.isInside, sent.packets > 0 || received.payloadBytes > 0, Self.mayBeHost(address)
    else {
      if let macAddress = sent.macAddress {
        add(
          HardwareNote(
            order: order, address: end.number, macAddress: macAddress, isInside: end.isInside))
      }
      return nil
    }
    if !hosts.contains(where: { $0.address == address }) {
      _ = open(end.number, firstPacket: PacketReference(file: 0, frame: 1, time: flow.firstTime))
    }
    guard let host = hosts.firstIndex(where: { $0.address == address }) else { return nil }
    var tally = HostTally()
    if case .ordinary = meaning { tally.asksForOtherNames = true }
    let other = tally.add(flow, sent: sent, received: received, order: order)
    #expect(other == nil)
    add(tally, to: host)
    if let note = tally.hardware(ofNumber: end.number) { add(note) }
    return host
  }

  /// Adds a name that a host asked for or announced.
  mutating func add(
    name: String, of address: IPAddress, askedBy asker: IPAddress, source: NameSource
  ) {
    add(
      name: name, saying: CameraDomains.shared.meaning(ofText: name), of: addresses[address],
      askedBy: asker, source: source)
  }
}
