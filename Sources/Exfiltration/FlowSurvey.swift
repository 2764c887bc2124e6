// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// The passes over all flows: numbers addresses, adds flows up shard by shard, and reads the few that
/// tell more in order of their first packets, for detection, inventory and events.
struct FlowSurvey {
  let recognition: RecognitionIndex
  var detector: VideoDetector
  /// Has the numbers of all addresses.
  var inventory: InventoryBuilder
  /// By the numbers of addresses.
  private let places: [SurveyPlace]
  private var destinations: [Bool]
  var channels: Channels
  var names: NameBook
  var events: EventLog
  var relays = RelayRule()
  private let flows: FlowCollection
  private let input: InvestigationInput

  private(set) var blindSpots = FlowSums.BlindSpots()
  private(set) var publicToPublic: UInt64 = 0
  private var publicEnds = FrequentAddresses()
  /// Directions over the volume floor whose rhythm was judged.
  private(set) var rhythmAssessed: UInt64 = 0

  /// Flows that have one on the other side of a translator.
  var translatedFlows: UInt64 { UInt64(flows.translatedCount) }

  /// Surveys all flows.
  init(_ input: InvestigationInput, _ flows: FlowCollection) {
    self.input = input
    self.flows = flows
    recognition = RecognitionIndex(input.recognition, proof: input.proof)
    detector = VideoDetector(index: recognition, limits: input.limits, timing: input.timing)
    inventory = InventoryBuilder(vendors: input.hardwareVendors, limits: input.limits)
    events = EventLog(maximum: input.limits.events)
    let parts = Self.parts(flows, count: input.threadCount)
    let (surveys, joined) = Self.number(flows, parts, &inventory, input)
    places = Self.places(&inventory, joined.firsts, flows, input)
    let ground = FlowSums.Ground(
      flows: flows, recognition: recognition, places: places,
      hostCount: places.count { $0.host >= 0 },
      maximumChannels: max(1, input.limits.channels / flows.shardCount))
    let book = NameBook(input.recognition)
    let sums = input.values(parts.count) { part in
      FlowSums(
        ground, shards: parts[part], numbers: surveys[part].numbers, joined: joined.numbers[part],
        names: book)
    }
    channels = Channels(sums.flatMap(\.channels), flows)
    names = sums[0].names
    destinations = sums[0].isDestination
    join(sums)
    readTelling(sums)
  }

  /// Flows that are shared out among threads at most: each thread numbers the addresses of its
  /// flows, which of many more takes memory that `MemoryLimits` has not.
  private static let maximumSharedFlows = 4_000_000

  /// Shards for each of so many threads, about as many flows each.
  private static func parts(_ flows: FlowCollection, count: Int) -> [Range<Int>] {
    let count = flows.count > maximumSharedFlows ? 1 : count
    var parts: [Range<Int>] = []
    var start = 0
    var sum = 0
    for shard in 0..<flows.shardCount {
      sum += flows.count(ofShard: shard)
      // The last part takes what is left.
      if parts.count < count - 1, sum * count >= flows.count * (parts.count + 1) {
        parts.append(start..<shard + 1)
        start = shard + 1
      }
    }
    if start < flows.shardCount || parts.isEmpty { parts.append(start..<flows.shardCount) }
    return parts
  }

  /// Numbers the addresses of all flows.
  ///
  /// - Returns: What each part saw; the common numbers of its addresses, none where they are its own,
  ///   and the first flow of each address.
  private static func number(
    _ flows: FlowCollection, _ parts: [Range<Int>], _ inventory: inout InventoryBuilder,
    _ input: InvestigationInput
  ) -> ([AddressSurvey], (numbers: [[UInt32]], firsts: [AddressSurvey.First])) {
    let surveys = input.values(parts.count) { AddressSurvey(flows, shards: parts[$0]) }
    var addresses = surveys[0].addresses
    var firsts = surveys[0].firsts
    let numbers = [[]] + surveys.dropFirst().map { $0.join(to: &addresses, &firsts) }
    inventory.take(addresses)
    return (surveys, (numbers, firsts))
  }

  /// Finds out where all addresses are, and makes hosts of those of the inside, in order of their
  /// first packets.
  private static func places(
    _ inventory: inout InventoryBuilder, _ firsts: [AddressSurvey.First], _ flows: FlowCollection,
    _ input: InvestigationInput
  ) -> [SurveyPlace] {
    // Once, because an attributor that is part of a structure would be copied for each.
    let scope = input.attributor.scope(of:)
    var places = inventory.addresses.addresses.map { address in
      SurveyPlace(
        scope: scope(address), isGroup: address.isMulticastOrBroadcast,
        mayBeHost: InventoryBuilder.mayBeHost(address))
    }
    let hosts = places.indices.filter {
      places[$0].isInside && places[$0].mayBeHost && firsts[$0].order != .max
    }.sorted { firsts[$0].order < firsts[$1].order }
    for (host, number) in hosts.enumerated() {
      let packet = flows.firstPacket(at: firsts[number].flow)
      guard inventory.open(number, firstPacket: packet) else { break }
      places[number].host = Int32(truncatingIfNeeded: host)
    }
    return places
  }

  /// Adds up what the parts did.
  private mutating func join(_ sums: [FlowSums]) {
    var hardware: [HardwareNote] = []
    for (part, sum) in sums.enumerated() {
      if part > 0 {
        names.addServerNames(of: sum.names)
        for number in destinations.indices where sum.isDestination[number] {
          destinations[number] = true
        }
      }
      blindSpots.add(sum.blindSpots)
      inventory.leaveOut(sum.hostOverflow)
      hardware += sum.hardware
      for (number, place) in places.enumerated() where place.host >= 0 {
        let tally = sum.hosts[Int(place.host)]
        inventory.add(tally, to: Int(place.host))
        if let note = tally.hardware(ofNumber: number) { hardware.append(note) }
      }
    }
    hardware.sort { $0.order < $1.order }
    for note in hardware { inventory.add(note) }
  }

  /// Flows that are loaded at once, so that their cache misses overlap.
  private static let loadedFlows = 32

  /// Reads the flows that tell more than sums, in order.
  private mutating func readTelling(_ sums: [FlowSums]) {
    var starts = [0]
    for shard in 0..<flows.shardCount { starts.append(starts[shard] + flows.count(ofShard: shard)) }
    // A bit for each flow, shard after shard.
    var telling = [UInt64](repeating: 0, count: flows.count / 64 + 1)
    for sum in sums {
      for spot in sum.telling {
        let bit = starts[Int(spot.shard)] + Int(spot.index)
        telling[bit >> 6] |= 1 << UInt64(bit & 63)
      }
    }
    guard sums.contains(where: { !$0.telling.isEmpty }) else { return }
    var positions: [Int] = []
    for position in 0..<flows.count {
      let spot = flows.spot(position)
      let bit = starts[Int(spot.shard)] + Int(spot.index)
      if telling[bit >> 6] >> UInt64(bit & 63) & 1 == 1 { positions.append(position) }
      guard positions.count == Self.loadedFlows || position == flows.count - 1 else { continue }
      read(positions)
      positions.removeAll(keepingCapacity: true)
    }
  }

  private mutating func read(_ positions: [Int]) {
    loaded &+= flows.loadAhead(positions)
    var flow = Flow.empty
    for position in positions {
      flows.read(position, into: &flow)
      add(flow)
    }
  }

  /// Takes what is loaded ahead, so that it is not optimised away.
  private var loaded: UInt64 = 0

  private mutating func add(_ flow: Flow) {
    guard let first = inventory.addresses[flow.originatorAddress],
      let second = inventory.addresses[flow.responderAddress]
    else { return }
    let brief = recognition.brief(at: flow.place)
    let originator = places[first]
    let responder = places[second]
    let name = names.serverName(of: brief, at: flow.place, recognition, expectedOf: second)
    detector.add(flow)
    inventory.add(
      flow, brief, asking: name.map { names.facts($0).meaning } ?? .nothing,
      originator: InventoryBuilder.End(number: first, isInside: originator.isInside),
      responder: InventoryBuilder.End(number: second, isInside: responder.isInside))
    events.add(flow, brief, originator.scope, responder.scope, recognition)
    if RelayRule.isWanted(brief.service, from: originator, to: responder),
      let told = recognition.recognition(at: flow.place)
    {
      relays.add(flow, told)
    }
    if FlowSums.areBothPublic(originator.scope, responder.scope) {
      publicToPublic &+= 1
      publicEnds.add(flow.originatorAddress)
      publicEnds.add(flow.responderAddress)
    }
    let floor = Thresholds.volumeFloor.value
    for direction in FlowDirection.allCases
    where Double(flow.counters(direction).payloadBytes) >= floor {
      if let timing = input.timing(flow.place, direction), timing.verdict != .notAssessed {
        rhythmAssessed &+= 1
      }
    }
  }

  /// Where the address with a number is.
  func scope(ofNumber number: Int) -> AddressAttribution.Scope { places[number].scope }

  /// Whether the address with a number may have got payload from the inside.
  func isDestination(_ number: Int) -> Bool { destinations[number] }

  private func flow(_ id: Int) -> Flow { flows[id - 1] }

  /// Ends the detection and attaches its assessments to devices and channels.
  mutating func finishDetection() {
    detector.finish()
    for (position, assessment) in detector.assessments.enumerated() {
      guard assessment.verdict != .noEvidence else { continue }
      let flow = flow(assessment.flowID)
      let isForward = assessment.direction == .fromOriginator
      let source = isForward ? flow.originatorAddress : flow.responderAddress
      let destination = isForward ? flow.responderAddress : flow.originatorAddress
      guard let ends = ends(source, destination) else { continue }
      let place = places[ends.destination]
      let sourceScope = places[ends.source].scope
      let isFollowed = place.mayReceive(from: sourceScope)
      if let certainty = Self.certainty(assessment) {
        inventory.add(
          VideoBehaviour(
            sender: source, receiver: destination, certainty: certainty,
            packet: flow.firstPacket))
      }
      // Inbound directions make no finding.
      guard isFollowed || sourceScope == .inside || place.isGroup else { continue }
      destinations[ends.destination] = true
      let spot = flows.spot(flow.id - 1)
      channels.attach(
        assessment, at: position, Channels.Direction(flow, at: spot, assessment.direction, ends),
        isFollowed: isFollowed)
      // Its channel may have had no room before.
      if isFollowed, isForward,
        let name = names.serverName(
          of: recognition.brief(at: flow.place), at: flow.place, recognition,
          expectedOf: ends.destination)
      {
        names.addServerName(name, of: ends.destination, at: flows.number(at: spot))
      }
    }
    let assessments = detector.assessments
    channels.keepStrongest { assessments[$0].verdict }
  }

  private func ends(_ source: IPAddress, _ destination: IPAddress) -> ChannelTable.Ends? {
    guard let source = inventory.addresses[source],
      let destination = inventory.addresses[destination]
    else { return nil }
    return ChannelTable.Ends(source: source, destination: destination)
  }

  /// Raises leads whose sender sends proved video or is known as a camera or recorder, whatever
  /// the lead itself said for that (classifier.md §3.4, upgrade).
  mutating func raiseLeads(_ inventory: DeviceInventory) {
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
          let ends = ChannelTable.Ends(
            source: isForward ? originator : responder,
            destination: isForward ? responder : originator)
          channels.raise(
            Channels.Direction(
              carrier, at: flows.spot(carrier.id - 1), assessment.direction, ends), to: .likely)
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
}

extension FlowSurvey {
  /// Least share of the flows between public addresses that go through the one address of a
  /// capture outside a NAT; the rest may be routing or monitoring (derived here).
  static let outsideShare = 0.9
  /// Least flows for that: fewer are any two hosts.
  static let outsideFlows: UInt64 = 8

  /// The public address that nearly all flows go through, where no inside host sent anything.
  var outsideAddress: (address: IPAddress, flows: UInt64)? {
    guard blindSpots.insideFlows == 0, publicToPublic >= Self.outsideFlows,
      let found = publicEnds.mostFrequent,
      Double(found.count) >= Double(publicToPublic) * Self.outsideShare
    else { return nil }
    return (found.address, found.count)
  }
}
