// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// The one pass over all flows: feeds detection, inventory and channels, and counts blind spots.
struct FlowSurvey {
  /// Where an address is, and what it is to the survey.
  private struct Place {
    let scope: AddressAttribution.Scope
    let isGroup: Bool
    /// Whether it may have got payload from the inside.
    var isDestination = false
  }

  let recognition: RecognitionIndex
  var detector: VideoDetector
  /// Numbers all addresses.
  var inventory: InventoryBuilder
  /// By the numbers of addresses.
  private var places: [Place] = []
  /// Tells where an address is; an attributor that is part of a part of this would be copied for it.
  private let scope: (IPAddress) -> AddressAttribution.Scope
  var channels: ChannelTable
  var names: NameBook
  var events: EventLog
  var relays = RelayRule()
  private let input: InvestigationInput

  // Blind spots.
  private(set) var oneSidedFlows: UInt64 = 0
  private(set) var missingBytes: UInt64 = 0
  private(set) var publicToPublic: UInt64 = 0
  private(set) var opaqueTunnels: UInt64 = 0
  /// Flows inside tunnels that are tunnels themselves and were not opened.
  private(set) var closedTunnels: UInt64 = 0
  private(set) var translatedFlows: UInt64 = 0
  private var publicEnds = FrequentAddresses()
  private var insideFlows: UInt64 = 0
  /// Directions over the volume floor whose rhythm was judged.
  private(set) var rhythmAssessed: UInt64 = 0

  /// What was looked up of a flow ahead of its turn.
  private struct Prepared {
    let place: FlowPlace
    /// Of the channel from the originator to the responder, with the numbers of their addresses.
    let key: ChannelTable.Key
    var brief = RecognitionBrief.none
  }

  /// Flows that are looked up ahead of their turn, so that their cache misses overlap.
  private static let lookAhead = 32
  private var prepared: [Prepared] = []
  /// Takes what the look-ahead loads, so that it is not optimised away.
  private var lookAheadSum: UInt64 = 0

  /// Prepares a survey of so many flows.
  init(_ input: InvestigationInput, flowCount: Int) {
    self.input = input
    scope = input.attributor.scope(of:)
    recognition = RecognitionIndex(input.recognition, proof: input.proof)
    detector = VideoDetector(index: recognition, limits: input.limits, timing: input.timing)
    inventory = InventoryBuilder(vendors: input.hardwareVendors, limits: input.limits)
    channels = ChannelTable(flowCount: flowCount, maximum: input.limits.channels)
    names = NameBook(input.recognition)
    events = EventLog(maximum: input.limits.events)
  }

  /// Adds all flows, in order of their ids.
  mutating func add(_ flows: FlowCollection) {
    var flow = Flow.empty
    for position in 0..<flows.count {
      if position % Self.lookAhead == 0 {
        prepare(flows, position..<min(position + Self.lookAhead, flows.count))
      }
      flows.read(position, into: &flow)
      add(flow, prepared[position % Self.lookAhead])
    }
  }

  private mutating func prepare(_ flows: FlowCollection, _ positions: Range<Int>) {
    var sum = flows.loadAhead(positions)
    prepared.removeAll(keepingCapacity: true)
    // Each kind of look-up has a loop of its own, because more of short ones overlap.
    for position in positions {
      let (place, endpoints) = flows.ends(position)
      let first = number(of: endpoints.originatorAddress)
      let second = number(of: endpoints.responderAddress)
      prepared.append(
        Prepared(
          place: place,
          key: ChannelTable.Key(
            endpoints, .fromOriginator, ChannelTable.Ends(source: first, destination: second))))
    }
    for index in prepared.indices { sum &+= channels.load(prepared[index].key) }
    for index in prepared.indices {
      prepared[index].brief = recognition.brief(at: prepared[index].place)
    }
    for flow in prepared {
      sum &+= names.loadServerName(of: flow.brief, at: flow.place)
    }
    lookAheadSum &+= sum
  }

  private mutating func add(_ flow: Flow, _ prepared: Prepared) {
    let brief = prepared.brief
    let first = Int(prepared.key.source)
    let second = Int(prepared.key.destination)
    let originator = places[first].scope
    let responder = places[second].scope
    let cover = Self.cover(flow, brief.service)
    let name = names.serverName(of: brief, at: flow.place, recognition, expectedOf: second)
    detector.add(flow)
    inventory.add(
      flow, brief, asking: name.map { names.facts($0).meaning } ?? .nothing,
      originator: InventoryBuilder.End(number: first, isInside: originator == .inside),
      responder: InventoryBuilder.End(number: second, isInside: responder == .inside))
    if flow.originator.newPayloadBytes > 0, Self.mayLeave(from: originator, to: places[second]),
      channels.add(
        flow, .fromOriginator, ChannelTable.Ends(source: first, destination: second), cover: cover)
    {
      places[second].isDestination = true
      if let name { names.addServerName(name, of: second) }
    }
    if flow.responder.newPayloadBytes > 0, Self.mayLeave(from: responder, to: places[first]),
      channels.add(
        flow, .fromResponder, ChannelTable.Ends(source: second, destination: first), cover: cover)
    {
      places[first].isDestination = true
    }
    events.add(flow, brief, originator, responder, recognition)
    if originator == .inside, responder != .inside, let service = brief.service,
      RelayRule.isOfRelay(service), !places[second].isGroup,
      let told = recognition.recognition(at: flow.place)
    {
      relays.add(flow, told)
    }
    countBlindSpots(flow, brief.service, originator, responder)
  }

  /// The number of an address of a flow; a new one is placed.
  private mutating func number(of address: IPAddress) -> Int {
    let number = inventory.number(of: address)
    if number == places.count {
      places.append(
        Place(
          scope: scope(address), isGroup: address.isMulticastOrBroadcast))
    }
    return number
  }

  /// Where the address with a number is.
  func scope(ofNumber number: Int) -> AddressAttribution.Scope { places[number].scope }

  /// Whether the address with a number may have got payload from the inside.
  func isDestination(_ number: Int) -> Bool { places[number].isDestination }

  private static func cover(_ flow: Flow, _ service: Service?) -> Channel.Cover {
    if flow.protocolNumber == 50 || service == .wireguard { return .tunnel }
    // Services of which only the outside is readable.
    switch service {
    case .tls, .dtls, .quic, .ssh, .webrtc: return .ciphered
    default: return .clear
    }
  }

  /// Ends the detection and attaches its assessments to devices and channels.
  mutating func finishDetection(_ flow: (Int) -> Flow) {
    detector.finish()
    for (position, assessment) in detector.assessments.enumerated() {
      guard assessment.verdict != .noEvidence else { continue }
      let flow = flow(assessment.flowID)
      let isForward = assessment.direction == .fromOriginator
      let source = isForward ? flow.originatorAddress : flow.responderAddress
      let destination = isForward ? flow.responderAddress : flow.originatorAddress
      let ends = ChannelTable.Ends(
        source: number(of: source), destination: number(of: destination))
      let sourceScope = places[ends.source].scope
      let isFollowed = Self.mayLeave(from: sourceScope, to: places[ends.destination])
      if let certainty = Self.certainty(assessment) {
        inventory.add(
          VideoBehaviour(
            sender: source, receiver: destination, certainty: certainty,
            packet: flow.firstPacket))
      }
      // Inbound directions make no finding.
      guard isFollowed || sourceScope == .inside || places[ends.destination].isGroup else {
        continue
      }
      places[ends.destination].isDestination = true
      channels.attach(assessment, at: position, flow, ends, isFollowed: isFollowed)
      // Its channel may have had no room before.
      if isFollowed, isForward,
        let name = names.serverName(
          of: recognition.brief(at: flow.place), at: flow.place, recognition,
          expectedOf: ends.destination)
      {
        names.addServerName(name, of: ends.destination)
      }
    }
    let assessments = detector.assessments
    channels.keepStrongest { assessments[$0].verdict }
  }

  /// Raises leads whose sender sends proved video or is known as a camera or recorder, whatever
  /// the lead itself said for that (classifier.md §3.4, upgrade).
  mutating func raiseLeads(_ inventory: DeviceInventory, _ flow: (Int) -> Flow) {
    func sender(_ assessment: DirectionAssessment) -> Int? {
      let carrier = flow(assessment.flowID)
      return inventory.index(
        of: assessment.direction == .fromOriginator
          ? carrier.originatorAddress : carrier.responderAddress)
    }
    guard detector.assessments.contains(where: { $0.verdict == .possible }) else { return }
    var proved: Set<Int> = []
    for assessment in detector.assessments where assessment.verdict == .certain {
      if let device = sender(assessment) { proved.insert(device) }
    }
    for (position, assessment) in detector.assessments.enumerated()
    where assessment.verdict == .possible {
      guard let device = sender(assessment) else { continue }
      let role = inventory.devices[device].roles.first {
        ($0.role == .camera || $0.role == .recorder) && $0.confidence >= .strong
      }
      let reason: String
      if proved.contains(device) {
        reason = "the same device sends proved video"
      } else if let role {
        reason =
          "the device is a \(role.role.rawValue)" + (role.marks.first.map { " (\($0))" } ?? "")
      } else {
        continue
      }
      if detector.raise(position, because: reason) {
        let carrier = flow(assessment.flowID)
        if let originator = inventory.addresses[carrier.originatorAddress],
          let responder = inventory.addresses[carrier.responderAddress]
        {
          let isForward = assessment.direction == .fromOriginator
          channels.raise(
            carrier, assessment.direction,
            ChannelTable.Ends(
              source: isForward ? originator : responder,
              destination: isForward ? responder : originator), to: .likely)
        }
      }
    }
    let assessments = detector.assessments
    channels.keepStrongest { assessments[$0].verdict }
  }

  /// What an assessment says of its sender as a device.
  private static func certainty(
    _ assessment: DirectionAssessment
  ) -> VideoBehaviour.Certainty? {
    switch assessment.verdict {
    case .certain: .certain
    case .likely: .likely
    case .possible where assessment.reasons.contains { $0.signal == "recurring_clips" }: .clips
    case .possible, .noEvidence, .notAssessed: nil
    }
  }

  /// Whether payload from a place with a scope to another place may have left the inside.
  private static func mayLeave(
    from source: AddressAttribution.Scope, to destination: Place
  ) -> Bool {
    guard destination.scope != .inside, !destination.isGroup else { return false }
    return source == .inside || source == .home || source == .unknown
  }

  private mutating func countBlindSpots(
    _ flow: Flow, _ service: Service?, _ originator: AddressAttribution.Scope,
    _ responder: AddressAttribution.Scope
  ) {
    missingBytes &+= flow.originator.missingBytes &+ flow.responder.missingBytes
    if flow.protocolNumber == 6 {
      let directions = (flow.originator.payloadBytes > 0, flow.responder.payloadBytes > 0)
      let packets = (flow.originator.packets > 0, flow.responder.packets > 0)
      if directions.0 && !packets.1 || directions.1 && !packets.0 { oneSidedFlows &+= 1 }
    }
    if originator != .inside, responder != .inside, originator != .special, responder != .special {
      publicToPublic &+= 1
      publicEnds.add(flow.originatorAddress)
      publicEnds.add(flow.responderAddress)
    } else if originator == .inside && flow.originator.payloadBytes > 0
      || responder == .inside && flow.responder.payloadBytes > 0
    {
      insideFlows &+= 1
    }
    if flow.translatedFlow != nil { translatedFlows &+= 1 }
    let floor = Thresholds.volumeFloor.value
    let most = max(flow.originator.payloadBytes, flow.responder.payloadBytes)
    for direction in Double(most) >= floor ? FlowDirection.allCases : []
    where Double(flow.counters(direction).payloadBytes) >= floor {
      if let timing = input.timing(flow.place, direction), timing.verdict != .notAssessed {
        rhythmAssessed &+= 1
      }
    }
    if flow.protocolNumber == 50 || service == .wireguard {
      opaqueTunnels &+= 1
    } else if flow.tunnelCode > 0,
      Tunnels.mayBeTunnel(
        protocolNumber: flow.protocolNumber, ports: (flow.originatorPort, flow.responderPort))
    {
      closedTunnels &+= 1
    }
  }
}

extension FlowSurvey {
  /// Least share of the flows between public addresses that go through the one address of a
  /// capture outside a NAT; the rest may be routing or monitoring (derived here).
  static let outsideShare = 0.9
  /// Least flows for that: fewer are any two hosts.
  static let outsideFlows: UInt64 = 8

  /// The public address that nearly all flows go through, where no inside host sent anything.
  var outsideAddress: (address: IPAddress, flows: UInt64)? {
    guard insideFlows == 0, publicToPublic >= Self.outsideFlows,
      let found = publicEnds.mostFrequent,
      Double(found.count) >= Double(publicToPublic) * Self.outsideShare
    else { return nil }
    return (found.address, found.count)
  }
}
