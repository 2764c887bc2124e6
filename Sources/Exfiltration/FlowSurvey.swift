// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// The one pass over all flows: feeds detection, inventory and channels, and counts blind spots.
struct FlowSurvey {
  let recognition: RecognitionIndex
  var detector: VideoDetector
  var inventory: InventoryBuilder
  /// Numbers of the addresses that may have got payload from the inside.
  private(set) var destinations = AddressIndex()
  var channels: ChannelTable
  var names = NameBook()
  var events: EventLog
  var relays = RelayRule()
  private var scopes: ScopeCache
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

  init(_ input: InvestigationInput) {
    self.input = input
    recognition = RecognitionIndex(input.recognition, proof: input.proof)
    detector = VideoDetector(index: recognition, limits: input.limits, timing: input.timing)
    inventory = InventoryBuilder(vendors: input.hardwareVendors, limits: input.limits)
    channels = ChannelTable(maximum: input.limits.channels)
    events = EventLog(maximum: input.limits.events)
    scopes = ScopeCache(input.attributor)
  }

  /// Adds a flow with what was recognised of it; the server's name is empty where there is none.
  mutating func add(_ flow: Flow, _ brief: RecognitionBrief, serverName: Span<UInt8>) {
    let originator = scopes.scope(of: flow.originatorAddress)
    let responder = scopes.scope(of: flow.responderAddress)
    let cover = Self.cover(flow, brief.service)
    detector.add(flow)
    inventory.add(
      flow, brief, serverName: serverName, isOriginatorInside: originator == .inside,
      isResponderInside: responder == .inside)
    if Self.mayLeave(from: originator, to: responder, flow.responderAddress),
      flow.originator.newPayloadBytes > 0
    {
      let destination = destinations.number(of: flow.responderAddress)
      channels.add(flow, .fromOriginator, to: destination, cover: cover)
      if !serverName.isEmpty { names.addServerName(serverName, of: destination) }
    }
    if Self.mayLeave(from: responder, to: originator, flow.originatorAddress),
      flow.responder.newPayloadBytes > 0
    {
      let destination = destinations.number(of: flow.originatorAddress)
      channels.add(flow, .fromResponder, to: destination, cover: cover)
    }
    let (recognition, place) = (recognition, flow.place)
    events.add(flow, brief, originator, responder) { recognition.recognition(at: place) }
    if originator == .inside, responder != .inside, let service = brief.service,
      RelayRule.isOfRelay(service), !flow.responderAddress.isMulticastOrBroadcast,
      let told = recognition.recognition(at: place)
    {
      relays.add(flow, told)
    }
    countBlindSpots(flow, brief.service, originator, responder)
  }

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
      let sourceScope = scopes.scope(of: source)
      let destinationScope = scopes.scope(of: destination)
      let isFollowed = Self.mayLeave(from: sourceScope, to: destinationScope, destination)
      if let certainty = Self.certainty(assessment) {
        inventory.add(
          VideoBehaviour(
            sender: source, receiver: destination, certainty: certainty,
            packet: flow.firstPacket))
      }
      // Inbound directions make no finding.
      guard isFollowed || sourceScope == .inside || destination.isMulticastOrBroadcast else {
        continue
      }
      channels.attach(
        assessment, at: position, flow, to: destinations.number(of: destination),
        isFollowed: isFollowed)
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
        channels.raise(
          flow(assessment.flowID), assessment.direction, to: .likely, destinations)
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

  /// Whether payload from a place with one scope to another may have left the inside.
  private static func mayLeave(
    from source: AddressAttribution.Scope, to destination: AddressAttribution.Scope,
    _ address: IPAddress
  ) -> Bool {
    guard destination != .inside, !address.isMulticastOrBroadcast else { return false }
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
