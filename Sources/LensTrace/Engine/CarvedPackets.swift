// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import HostInventory
internal import PacketDecoding

/// A flow's key without direction.
private struct FlowKey: Hashable {
  private struct Endpoint: Hashable, Comparable {
    var address: IPAddress
    var port: UInt16

    static func < (lhs: Endpoint, rhs: Endpoint) -> Bool {
      lhs.address == rhs.address ? lhs.port < rhs.port : lhs.address < rhs.address
    }
  }

  private let first: Endpoint
  private let second: Endpoint
  /// VLAN plus one where it is part of the key, and the protocol, as in
  /// `DecodedPacket.portsAndProtocol`.
  private let vlanAndProtocol: UInt32

  init(_ packet: DecodedPacket) {
    self.init(
      Endpoint(
        address: IPAddress(high: packet.firstHigh, low: packet.firstLow),
        port: UInt16(truncatingIfNeeded: packet.portsAndProtocol >> 48)),
      Endpoint(
        address: IPAddress(high: packet.secondHigh, low: packet.secondLow),
        port: UInt16(truncatingIfNeeded: packet.portsAndProtocol >> 32)),
      UInt32(truncatingIfNeeded: packet.portsAndProtocol))
  }

  init(_ flow: Flow, includesVLAN: Bool) {
    let vlan = includesVLAN ? flow.vlan.map { UInt32($0) &+ 1 } ?? 0 : 0
    self.init(
      Endpoint(address: flow.originatorAddress, port: flow.originatorPort),
      Endpoint(address: flow.responderAddress, port: flow.responderPort),
      vlan << 16 | UInt32(flow.protocolNumber))
  }

  private init(_ one: Endpoint, _ other: Endpoint, _ vlanAndProtocol: UInt32) {
    first = min(one, other)
    second = max(one, other)
    self.vlanAndProtocol = vlanAndProtocol
  }
}

/// What all fragments of a datagram share, without direction.
private struct FragmentKey: Hashable {
  private let first: IPAddress
  private let second: IPAddress
  private let identification: UInt32

  init(_ packet: DecodedPacket) {
    let one = IPAddress(high: packet.firstHigh, low: packet.firstLow)
    let other = IPAddress(high: packet.secondHigh, low: packet.secondLow)
    first = min(one, other)
    second = max(one, other)
    identification = packet.identification
  }
}

/// Tells the packets of some flows, or of a device, from others.
struct CarvedPackets {
  /// Greatest distance of two fragments of one datagram, as in the defragmenter: 30 s
  /// (DESIGN.md §9).
  private static let fragmentReach: Int64 = 30_000_000_000

  private var flows: [FlowKey: [ClosedRange<Int64>]] = [:]
  private var addresses: Set<IPAddress> = []
  private var hardware: Set<MACAddress> = []
  /// Times of the fragments by which datagrams of the flows are known.
  private var fragments: [FragmentKey: [Int64]] = [:]

  /// The packets of flows.
  init(_ flows: [Flow], includesVLAN: Bool) {
    for flow in flows {
      let first = flow.firstPacket.time
      self.flows[FlowKey(flow, includesVLAN: includesVLAN), default: []].append(
        first...max(first, flow.lastTime))
    }
  }

  /// All packets from and to a device, those without IP too.
  init(_ device: Device) {
    addresses = Set(device.addresses)
    hardware = Set(device.macs)
  }

  /// Whether datagrams must be known by their fragments before packets are selected.
  var needsFragments: Bool { !flows.isEmpty }

  /// Takes note of the datagrams of the flows; `defragmented` is `decoded` after the defragmenter.
  mutating func noteFragments(_ decoded: PacketBatch, defragmented: PacketBatch) {
    for index in decoded.packets.indices
    where decoded.packets[index].flags.includes(.isFragment)
      && defragmented.packets[index].belongsToFlow && holdsFlow(defragmented.packets[index])
    {
      let packet = decoded.packets[index]
      fragments[FragmentKey(packet), default: []].append(packet.time)
    }
  }

  private func holdsFlow(_ packet: DecodedPacket) -> Bool {
    flows[FlowKey(packet)]?.contains { $0.contains(packet.time) } ?? false
  }

  /// Whether a packet is among them.
  func contains(_ index: Int, of batch: PacketBatch) -> Bool {
    let packet = batch.packets[index]
    guard flows.isEmpty else {
      guard packet.belongsToFlow else { return false }
      if packet.flags.includes(.isFragment) {
        return fragments[FragmentKey(packet)]?.contains { time in
          packet.time.subtractingReportingOverflow(time).partialValue.magnitude
            <= Self.fragmentReach.magnitude
        } ?? false
      }
      return holdsFlow(packet)
    }
    if packet.belongsToFlow,
      addresses.contains(IPAddress(high: packet.firstHigh, low: packet.firstLow))
        || addresses.contains(IPAddress(high: packet.secondHigh, low: packet.secondLow))
    {
      return true
    }
    guard !hardware.isEmpty, let addresses = batch.macAddresses(index) else { return false }
    return hardware.contains(addresses.source) || hardware.contains(addresses.destination)
  }
}
