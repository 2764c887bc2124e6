// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// What the flows of some shards add up to, and which of them tell more than sums.
///
/// Nothing here depends on how the shards are shared out: sums of other shards can be added in any
/// order, and what is kept in order of flows says at which flow.
struct FlowSums: Sendable {
  /// What all parts go by.
  struct Ground: Sendable {
    let flows: FlowCollection
    let recognition: RecognitionIndex
    /// By the numbers of addresses.
    let places: [SurveyPlace]
    let hostCount: Int
    let maximumChannels: Int
  }

  /// What could not be seen.
  struct BlindSpots: Sendable {
    var oneSidedFlows: UInt64 = 0
    var missingBytes: UInt64 = 0
    var opaqueTunnels: UInt64 = 0
    /// Ciphered 802.11 frames.
    var cipheredFrames: UInt64 = 0
    /// Flows inside tunnels that are tunnels themselves and were not opened.
    var closedTunnels: UInt64 = 0
    /// Flows of the inside with payload of it.
    var insideFlows: UInt64 = 0

    mutating func add(_ other: BlindSpots) {
      oneSidedFlows &+= other.oneSidedFlows
      missingBytes &+= other.missingBytes
      opaqueTunnels &+= other.opaqueTunnels
      cipheredFrames &+= other.cipheredFrames
      closedTunnels &+= other.closedTunnels
      insideFlows &+= other.insideFlows
    }
  }

  /// A hardware address that was noted lately, and of which shard.
  private struct RecentHardware: Equatable, BitwiseCopyable {
    var shard = UInt32.max
    /// Number of the inside address behind it, `.max` for any outside.
    var address = UInt32.max
    var macAddress = MACAddress(bits: 0)
  }

  /// A capture has a few routers, and few hosts with several hardware addresses.
  private static let recentCount = 256

  private let ground: Ground
  /// One a shard.
  private(set) var channels: [ChannelTable] = []
  private(set) var hosts: [HostTally]
  /// Ends of flows that would have made hosts, had there been room.
  private(set) var hostOverflow = BoundCount()
  private(set) var hardware: [HardwareNote] = []
  private(set) var names: NameBook
  /// Whether the address with a number may have got payload from the inside.
  private(set) var isDestination: [Bool]
  /// Flows that tell more than sums, in order of shards.
  private(set) var telling: [FlowPlace] = []
  private(set) var blindSpots = BlindSpots()
  private var facts = TellingFlows()
  private var recentHardware = [RecentHardware](
    repeating: RecentHardware(), count: Self.recentCount)

  /// Adds up the flows of `shards`.
  ///
  /// - Parameters:
  ///   - ground: What all parts go by.
  ///   - shards: The shards of this part.
  ///   - numbers: Numbers of the originator and the responder of each of their flows.
  ///   - joined: The numbers in `ground` of those numbers; empty where they are the same.
  ///   - names: A book without names.
  init(
    _ ground: Ground, shards: Range<Int>, numbers: [UInt32], joined: [UInt32], names: NameBook
  ) {
    func number(_ position: Int) -> Int {
      Int(joined.isEmpty ? numbers[position] : joined[Int(numbers[position])])
    }
    self.ground = ground
    self.names = names
    hosts = Array(repeating: HostTally(), count: ground.hostCount)
    isDestination = Array(repeating: false, count: ground.places.count)
    var position = 0
    var flow = FlowGlance()
    for shard in shards {
      let count = ground.flows.count(ofShard: shard)
      var table = ChannelTable(shard: shard, flowCount: count, maximum: ground.maximumChannels)
      for index in 0..<count {
        let spot = FlowPlace(index, ofShard: shard)
        ground.flows.glance(at: spot, into: &flow)
        if add(
          flow, index: spot.index, first: number(position), second: number(position &+ 1),
          to: &table)
        {
          telling.append(spot)
        }
        position &+= 2
      }
      channels.append(table)
    }
  }

  /// Adds a flow; returns whether it tells more than sums.
  @inline(__always)
  private mutating func add(
    _ flow: FlowGlance, index: UInt32, first: Int, second: Int, to table: inout ChannelTable
  ) -> Bool {
    let brief = ground.recognition.brief(at: flow.place)
    let originator = ground.places[first]
    let responder = ground.places[second]
    let name = names.serverName(
      of: brief, at: flow.place, ground.recognition, expectedOf: second)
    let meaning = name.map { names.facts($0).meaning } ?? .nothing
    let originatorHost = tally(
      flow, .fromOriginator, sent: flow.originator, received: flow.responder, first, originator)
    if let originatorHost, case .ordinary = meaning {
      hosts[originatorHost].asksForOtherNames = true
    }
    let responderHost = tally(
      flow, .fromResponder, sent: flow.responder, received: flow.originator, second, responder)
    let cover = Self.cover(flow.endpoints.protocolNumber, brief.service)
    if flow.originator.newPayloadBytes > 0, responder.mayReceive(from: originator.scope),
      table.add(
        Self.key(of: flow, .fromOriginator, from: first, to: second),
        bytes: flow.originator.newPayloadBytes, ofFlow: index, at: flow.firstTime, cover: cover)
    {
      isDestination[second] = true
      if let name { names.addServerName(name, of: second, at: flow.number) }
    }
    if flow.responder.newPayloadBytes > 0, originator.mayReceive(from: responder.scope),
      table.add(
        Self.key(of: flow, .fromResponder, from: second, to: first),
        bytes: flow.responder.newPayloadBytes, ofFlow: index, at: flow.firstTime, cover: cover)
    {
      isDestination[first] = true
    }
    countBlindSpots(flow, brief.service, originator, responder)
    // Asked of every flow, because it remembers what was told.
    let tellsFacts = facts.tells(
      flow, brief, asking: meaning, originator: originatorHost, responder: responderHost,
      isResponderInside: responder.isInside)
    return tellsFacts || VideoDetector.isWanted(flow, ground.recognition)
      || EventLog.isWanted(flow, brief, originator.scope, responder.scope)
      || RelayRule.isWanted(brief.service, from: originator, to: responder)
      || Self.areBothPublic(originator.scope, responder.scope)
  }

  /// Counts a flow to the host at an end, and notes the hardware address there; returns the host.
  @inline(__always)
  private mutating func tally(
    _ flow: FlowGlance, _ direction: FlowDirection, sent: FlowGlance.Side,
    received: FlowGlance.Side, _ number: Int, _ place: SurveyPlace
  ) -> Int? {
    // One that was only heard being answered is a host whose side was not captured; one that was
    // only knocked at is none, but payload to it makes one.
    if place.isInside, sent.packets > 0 || received.payloadBytes > 0 {
      if place.host >= 0 {
        let host = Int(place.host)
        let order = AddressSurvey.order(flow.number, direction)
        if let other = hosts[host].add(flow, sent: sent, received: received, order: order) {
          note(other, flow, direction, number, isInside: true)
        }
        return host
      }
      if place.mayBeHost { hostOverflow.note(at: flow.firstTime) }
    }
    if let address = sent.macAddress {
      note(address, flow, direction, number, isInside: place.isInside)
    }
    return nil
  }

  /// Notes the hardware address that a side of a flow came from, where that was not noted lately in
  /// the same shard: only the first time in each matters, and outside only whether it forwards.
  private mutating func note(
    _ macAddress: MACAddress, _ flow: FlowGlance, _ direction: FlowDirection, _ number: Int,
    isInside: Bool
  ) {
    let address = isInside ? UInt32(truncatingIfNeeded: number) : .max
    let noted = RecentHardware(
      shard: flow.place.shard, address: address, macAddress: macAddress)
    let slot =
      Int(
        truncatingIfNeeded: (macAddress.bits ^ UInt64(address) << 16 &+ UInt64(flow.place.shard))
          .multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15).high) & (Self.recentCount - 1)
    guard recentHardware[slot] != noted else { return }
    let source =
      direction == .fromOriginator
      ? flow.endpoints.originatorAddress : flow.endpoints.responderAddress
    guard isInside || HardwareNote.mayForward(macAddress, for: source) else { return }
    recentHardware[slot] = noted
    hardware.append(
      HardwareNote(
        order: AddressSurvey.order(flow.number, direction), address: number,
        macAddress: macAddress, isInside: isInside))
  }

  @inline(__always)
  private static func key(
    of flow: FlowGlance, _ direction: FlowDirection, from source: Int, to destination: Int
  ) -> ChannelTable.Key {
    ChannelTable.Key(
      flow.endpoints.responderPort, flow.endpoints.protocolNumber, direction,
      ChannelTable.Ends(source: source, destination: destination))
  }

  private static func cover(_ protocolNumber: UInt8, _ service: Service?) -> Channel.Cover {
    if protocolNumber == 50 || service == .wireguard { return .tunnel }
    // Services of which only the outside is readable.
    switch service {
    case .tls, .dtls, .quic, .ssh, .webrtc: return .ciphered
    default: return .clear
    }
  }

  /// Whether both ends are public addresses that are not of the inside.
  static func areBothPublic(
    _ originator: AddressAttribution.Scope, _ responder: AddressAttribution.Scope
  ) -> Bool {
    originator != .inside && responder != .inside && originator != .special
      && responder != .special
  }

  @inline(__always)
  private mutating func countBlindSpots(
    _ flow: FlowGlance, _ service: Service?, _ originator: SurveyPlace, _ responder: SurveyPlace
  ) {
    blindSpots.missingBytes &+= flow.originator.missingBytes &+ flow.responder.missingBytes
    if flow.endpoints.protocolNumber == 6 {
      let directions = (flow.originator.payloadBytes > 0, flow.responder.payloadBytes > 0)
      let packets = (flow.originator.packets > 0, flow.responder.packets > 0)
      if directions.0 && !packets.1 || directions.1 && !packets.0 {
        blindSpots.oneSidedFlows &+= 1
      }
    }
    if originator.isInside && flow.originator.payloadBytes > 0
      || responder.isInside && flow.responder.payloadBytes > 0
    {
      blindSpots.insideFlows &+= 1
    }
    if flow.endpoints.isWireless {
      blindSpots.cipheredFrames &+= flow.originator.packets &+ flow.responder.packets
    }
    if flow.endpoints.protocolNumber == 50 || service == .wireguard {
      blindSpots.opaqueTunnels &+= 1
    } else if flow.tunnelCode > 0,
      Tunnels.mayBeTunnel(
        protocolNumber: flow.endpoints.protocolNumber,
        ports: (flow.endpoints.originatorPort, flow.endpoints.responderPort))
    {
      blindSpots.closedTunnels &+= 1
    }
  }
}
