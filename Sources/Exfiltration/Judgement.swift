// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// After the pass: devices, exposure, severity, findings, camera verdicts.
struct Judgement {
  /// A channel on its way to a finding.
  struct Candidate {
    var channel: Channel
    var content: SeverityMatrix.Content
    var source: AddressAttribution
    var destination: AddressAttribution
    var exposure: ExposureAssessment
    /// Whether an exception of the policy covers it.
    var isExcepted = false
    /// What shows a call, where ours is no camera.
    var call: String?
  }

  let input: InvestigationInput
  let survey: FlowSurvey
  let inventory: DeviceInventory
  private let names: NameBook
  private let flows: FlowCollection

  /// Takes a survey over: a copy of what it collected would cost as much memory again.
  init(
    _ input: InvestigationInput, _ survey: consuming FlowSurvey, _ flows: FlowCollection
  ) {
    self.input = input
    self.flows = flows
    var names = survey.names
    survey.names = NameBook([])
    var builder = survey.inventory
    survey.inventory = InventoryBuilder(vendors: input.hardwareVendors, limits: input.limits)
    Self.describe(&builder, &names, survey, input)
    self.names = names
    inventory = builder.finish(
      declaredHardware: input.declaredCameraHardware,
      declared: input.knownDevices.map(DeclaredDevice.init))
    survey.raiseLeads(inventory)
    self.survey = survey
  }

  /// The flow with an id.
  func flow(_ id: Int) -> Flow { flows[id - 1] }

  func result() -> Investigation.Result {
    let candidates = candidates()
    var findings = candidates.map(finding)
    let before = addPast(&findings, candidates)
    let stories = StoryRule(
      members(findings, candidates), before: before, secondsCovered: input.scope.secondsCovered
    ).stories()
    findings.sort(by: Self.isBefore)
    let verdicts = cameraVerdicts(findings)
    let summaries = destinations()
    return Investigation.Result(
      devices: inventory.devices, mediaStreams: survey.detector.streams, findings: findings,
      stories: stories, cameraVerdicts: verdicts, destinations: summaries,
      limitations: limitations(candidates, summaries),
      assessments: survey.detector.assessments, detector: survey.detector,
      recognition: survey.recognition)
  }

  /// Tells hosts and destinations what was announced.
  private static func describe(
    _ builder: inout InventoryBuilder, _ names: inout NameBook, _ survey: borrowing FlowSurvey,
    _ input: InvestigationInput
  ) {
    for (shard, result) in input.recognition.enumerated() {
      for lease in result.leases { builder.add(lease) }
      for announcement in result.names {
        let name = names.name(ofAnnounced: announcement.name, shard: shard)
        let address = builder.addresses[announcement.address]
        builder.add(
          name: names.text(name), saying: names.facts(name).meaning, of: address,
          askedBy: announcement.place.listener, source: announcement.source)
        if announcement.source == .dns, let address, survey.isDestination(address) {
          names.addLookUp(name, of: address)
        }
      }
      for mark in result.marks { builder.add(mark) }
    }
    for address in input.declaredCameras { builder.declareCamera(address) }
  }

  private static func isBefore(_ lhs: Finding, _ rhs: Finding) -> Bool {
    if lhs.severity != rhs.severity { return lhs.severity > rhs.severity }
    if lhs.bytes != rhs.bytes { return lhs.bytes > rhs.bytes }
    if lhs.firstTime != rhs.firstTime { return lhs.firstTime < rhs.firstTime }
    return lhs.id < rhs.id
  }
}

extension Judgement {
  /// Channels that become findings, with their exposure.
  private func candidates() -> [Candidate] {
    var list: [Candidate] = []
    for place in survey.channels.notable {
      let channel = survey.channels.channel(at: place)
      guard let content = SeverityMatrix.Content(channel.verdict, isBulk: channel.isBulk) else {
        continue
      }
      let source = input.attributor.attribution(of: channel.key.source)
      let destination = input.attributor.attribution(of: channel.key.destination)
      guard
        let exposure = ExposureRule.exposure(
          source: source, destination: destination)
      else { continue }
      var candidate = Candidate(
        channel: channel, content: content, source: source, destination: destination,
        exposure: exposure)
      candidate.call = call(channel)
      applyException(to: &candidate)
      list.append(candidate)
    }
    let camerasByASN = camerasByASN(list)
    let askers = list.isEmpty ? AddressIndex() : NameBook.askers(input.recognition)
    for position in list.indices
    where list[position].exposure.level >= .outside && !list[position].isExcepted {
      let asn = list[position].destination.record?.asn
      list[position].exposure = ExposureRule.raise(
        list[position].exposure, list[position].destination,
        context(list[position], cameras: asn.flatMap { camerasByASN[$0] } ?? 0, askers))
      if let call = list[position].call { list[position].exposure.reasons.append(call) }
    }
    return list.filter { severity($0) != nil }
  }

  /// Traffic that the policy expects is no worse than outside, and the report says why.
  private func applyException(to candidate: inout Candidate) {
    guard candidate.exposure.level >= .outside, !input.exceptions.isEmpty else { return }
    let source = candidate.channel.key.source
    let device = inventory.device(of: source)
    let keys =
      (device?.addresses ?? [source]).map { PolicyFile.DeviceKey.address($0) }
      + (device?.macs ?? []).map { PolicyFile.DeviceKey.mac($0) }
    let exception = input.exceptions.first {
      $0.covers(
        destination: candidate.destination.judgedAddress,
        asn: candidate.destination.record?.asn, source: keys)
    }
    guard let exception else { return }
    candidate.isExcepted = true
    candidate.exposure.level = .outside
    candidate.exposure.reasons.append("exception of the policy: \(exception.reason)")
  }

  /// How many devices send likely or certain video to each AS abroad.
  private func camerasByASN(_ list: [Candidate]) -> [UInt32: Int] {
    var senders: [UInt32: Set<Int>] = [:]
    for candidate in list
    where candidate.exposure.level == .foreign && candidate.channel.verdict >= .likely {
      guard let asn = candidate.destination.record?.asn,
        let device = inventory.index(of: candidate.channel.key.source)
      else { continue }
      senders[asn, default: []].insert(device)
    }
    return senders.mapValues(\.count)
  }

  /// What shows that the sender takes part in a call: both ends sent video in like amounts, or the
  /// destination is a conferencing service (classifier.md §3.4, downgrades); `nil` for cameras and
  /// recorders, whatever they send to.
  private func call(_ channel: Channel) -> String? {
    guard inventory.device(of: channel.key.source)?.isCameraOrRecorder != true else { return nil }
    let end = ", and the sender is not known as a camera: weighs one step less"
    let isBothWays = channel.assessments.contains { position in
      survey.detector.assessments[position].counterReasons.contains {
        $0.signal == "interactive_video" && ($0.value ?? 1) <= Thresholds.callRatio.value
      }
    }
    // These services cipher all media: what can be read is none of their calls.
    let service =
      channel.verdict == .certain
      ? nil
      : ConferencingServices.service(
        channel.key.destination, port: channel.destinationPort,
        protocolNumber: channel.key.protocolNumber, names: names(of: channel.key.destination))
    guard let service else {
      return isBothWays ? "the other end sent video too, as in a call" + end : nil
    }
    return (isBothWays ? "the other end sent video too, and " : "")
      + "name or network and port of the destination are those of \(service.name), a service for "
      + "calls (\(service.source))" + end
  }

  private func context(
    _ candidate: Candidate, cameras: Int, _ askers: AddressIndex
  ) -> ExposureContext {
    let channel = candidate.channel
    var context = ExposureContext()
    context.isCall = candidate.call != nil
    context.hasName = !names(of: channel.key.destination).isEmpty
    context.showsLookUps = askers[channel.key.source] != nil
    if let start = input.scope.firstTime {
      context.hoursAfterStart = Double(max(0, channel.firstTime &- start)) / 3.6e12
    }
    context.relayedPeers = peers(of: channel)
    context.relay = survey.relays.relay(channel.key.destination)
    context.contacts = survey.relays.reason(channel.key.source, to: channel.key.destination) {
      input.attributor.attribution(of: $0).record?.asn
    }
    if context.relayedPeers.isEmpty, context.relay == nil, candidate.call == nil {
      context.peerRole = peerRole(channel, context)
    }
    context.camerasToSameAS = cameras
    context.bytes = channel.bytes
    context.seconds = channel.seconds
    let seconds = activeSeconds(channel)
    let hours = Set(seconds.map { $0 / 3_600 })
    if case .assessed(let nights, _) = NightRule.night(seconds, in: input.timeZone) {
      context.activeNights = nights
      context.zone = input.timeZone?.name ?? ""
    }
    context.activeHours = hours.count
    context.activeDays = Set(hours.map { $0 / 24 }).count
    return context
  }

  /// What the destination of datagrams is in a peer-to-peer session.
  private func peerRole(_ channel: Channel, _ context: ExposureContext) -> String? {
    guard channel.key.protocolNumber == 17, channel.verdict >= .possible else { return nil }
    let carrier = flow(channel.firstFlow)
    let service = recognition(of: channel)?.service
    return survey.relays.role(
      RelayRule.Session(
        host: channel.key.source,
        port: channel.key.isPulled ? carrier.responderPort : carrier.originatorPort,
        destination: channel.key.destination, bytes: channel.bytes,
        firstTime: channel.firstTime,
        isPeerProtocol: service.map { RelayRule.isOfRelay($0) || $0 == .webrtc } ?? false,
        isNamed: context.hasName, showsLookUps: context.showsLookUps))
  }

  /// Peers behind a relay, each once.
  private func peers(of channel: Channel) -> [AddressAttribution] {
    var peers: [IPAddress] = []
    for peer in streams(of: channel).compactMap(\.peerAddress) where !peers.contains(peer) {
      peers.append(peer)
    }
    return peers.prefix(4).map { input.attributor.attribution(of: $0) }
  }

  private func severity(_ candidate: Candidate) -> Severity? {
    let severity = SeverityMatrix.severity(
      candidate.content, candidate.exposure.level,
      isPlaceKnown: candidate.isExcepted || ExposureRule.isPlaceKnown(candidate.destination),
      bytes: candidate.channel.verdict >= .possible
        ? candidate.channel.verdictBytes : candidate.channel.bytes)
    return candidate.call == nil ? severity : severity?.oneLess
  }

  /// Names of an address outside that got payload.
  private func names(of address: IPAddress) -> [String] {
    inventory.addresses[address].map { names.names(of: $0) } ?? []
  }

  func streams(of channel: Channel) -> [MediaStream] {
    var result: [MediaStream] = []
    for position in channel.assessments {
      for stream in survey.detector.assessments[position].streams {
        result.append(survey.detector.streams[stream])
      }
    }
    return result
  }

  private func finding(_ candidate: Candidate) -> Finding {
    let channel = candidate.channel
    let device = inventory.device(of: channel.key.source)
    let destination = destination(channel, candidate.destination)
    var reasons: [Evidence] = []
    var counterReasons: [Evidence] = []
    for position in channel.assessments {
      let assessment = survey.detector.assessments[position]
      for evidence in assessment.reasons where !reasons.contains(evidence) {
        reasons.append(evidence)
      }
      for evidence in assessment.counterReasons where !counterReasons.contains(evidence) {
        counterReasons.append(evidence)
      }
    }
    if channel.isBulk { reasons.append(bulkEvidence(channel)) }
    let video = streams(of: channel).filter { $0.media == .video }
    let strongest = video.max { ($0.verdict, $0.bytes) < ($1.verdict, $1.bytes) }
    let verdict = channel.verdict
    let recognition = recognition(of: channel)
    let service = recognition?.service
    // Of channels with more flows than are looked at, the length is not known.
    let footage =
      channel.assessments.count < Channel.maximumAssessments
        || channel.flowCount <= Channel.maximumAssessments
      ? FootagePace(of: video) : nil
    let stored = StoredFootageRule.name(
      recognition, streams(of: channel), footage, isPulled: channel.key.isPulled)
    if let footage, footage.isFasterThanFilmed, stored != nil {
      reasons.append(footage.evidence(video))
    }
    let relayed = peers(of: channel).map { peer in
      self.destination(
        peer,
        port: streams(of: channel).first { $0.peerAddress == peer.address }?
          .peerPort)
    }
    let text = FindingText.text(
      FindingText.Facts(
        device: device, channel: channel, destination: destination,
        sourceScope: candidate.source.scope, exposure: candidate.exposure, verdict: verdict,
        isBulk: channel.isBulk, reasons: reasons, counterReasons: counterReasons,
        storedFootage: stored, footage: footage,
        relayedPeers: relayed, relay: survey.relays.relay(channel.key.destination),
        stream: strongest, isHomeDeclared: input.attributor.policy.isHomeDeclared))
    var finding = Finding(
      id: FindingIdentity.id(channel, device: device?.id), severity: severity(candidate) ?? .info,
      video: Finding.Video(
        verdict: verdict, reasons: reasons, counterReasons: counterReasons,
        rhythm: rhythm(of: channel)),
      exposure: candidate.exposure, device: device?.id, sourceAddress: channel.key.source,
      destination: destination, bytes: channel.bytes, wireBytes: channel.wireBytes,
      uniqueWireBytes: channel.uniqueWireBytes, packets: channel.packets,
      durationSeconds: channel.seconds, firstTime: channel.firstTime, lastTime: channel.lastTime,
      flows: [channel.firstFlow] + channel.laterFlows, flowCount: channel.flowCount,
      attack: AttackTechniques.techniques(
        verdict, isBulk: channel.isBulk, exposure: candidate.exposure.level, service: service),
      text: text)
    finding.isPulled = channel.key.isPulled && channel.key.protocolNumber == 6
    finding.storedFootage = stored
    finding.footage = footage
    finding.relayedPeers = relayed
    return finding
  }

  /// What recognition learnt of the channel: of a flow that asked for stored footage, else of one
  /// with a verdict, else of the first.
  private func recognition(of channel: Channel) -> FlowRecognition? {
    let carriers = channel.assessments.map { survey.detector.assessments[$0].flowID }
    let known = (carriers + [channel.firstFlow]).lazy.compactMap {
      survey.recognition.recognition(at: flow($0).place)
    }
    return known.first { $0.storedFootage != nil } ?? known.first
  }

  /// The strongest rhythm among the channel's flows, of equals the first.
  private func rhythm(of channel: Channel) -> TimingAssessment? {
    var strongest: TimingAssessment?
    for position in channel.assessments {
      guard let rhythm = survey.detector.assessments[position].rhythm else { continue }
      if strongest.map({ rhythm.verdict > $0.verdict }) ?? true { strongest = rhythm }
    }
    return strongest
  }

  private func bulkEvidence(_ channel: Channel) -> Evidence {
    Evidence(
      signal: "bulk", value: Double(channel.bytes),
      threshold: ExposureThresholds.bulkBytesPerHour.value,
      text: NumberText.bytes(channel.bytes) + " out and " + NumberText.bytes(channel.reverseBytes)
        + " in within " + NumberText.duration(channel.seconds), packets: [channel.firstPacket])
  }

  private func destination(_ channel: Channel, _ place: AddressAttribution) -> Destination {
    destination(place, port: channel.destinationPort)
  }

  private func destination(_ place: AddressAttribution, port: UInt16?) -> Destination {
    let record = place.record
    let source = record?.source
    let tables = input.attributor.database?.tables ?? []
    return Destination(
      address: place.address, port: port, names: names(of: place.address), asn: record?.asn,
      asName: record?.asName,
      country: record?.country?.description, basis: record?.countryBasis?.rawValue,
      scope: place.scope,
      table: source.flatMap { tables.indices.contains($0.table) ? tables[$0.table].path : nil },
      line: source.map { UInt64($0.line) })
  }
}

extension Judgement {
  private func cameraVerdicts(_ findings: [Finding]) -> [CameraVerdict] {
    let cameras = inventory.cameras
    guard !cameras.isEmpty else { return [] }
    var scope = input.scope
    scope.cipheredFrames = survey.blindSpots.cipheredFrames
    var outward = Dictionary(
      uniqueKeysWithValues: cameras.map { ($0, CameraVerdictRule.Outward()) })
    survey.channels.visit { place, key, _ in
      guard let device = inventory.index(ofNumber: Int(key.source)), var sum = outward[device]
      else { return }
      let channel = survey.channels.channel(at: place)
      guard !channel.key.destination.isMulticastOrBroadcast,
        input.attributor.attribution(of: channel.key.destination).scope != .inside
      else { return }
      sum.bytes &+= channel.bytes
      sum.cipheredBytes &+= channel.cipheredBytes
      sum.tunnels += channel.tunnels
      sum.notAssessed += channel.notAssessed
      outward[device] = sum
    }
    return cameras.map {
      CameraVerdictRule.verdict(
        inventory.devices[$0], inventory.observations[$0], findings: findings,
        outward: outward[$0] ?? CameraVerdictRule.Outward(), scope: scope)
    }
  }

  /// Sums of what inside hosts sent to each address outside.
  private func destinations() -> [DestinationSummary] {
    let addresses = inventory.addresses.addresses
    var sums = SentBytes(
      addresses.indices.map { number in
        inventory.index(ofNumber: number) == nil && !addresses[number].isMulticastOrBroadcast
      })
    survey.channels.visit { _, key, bytes in
      guard let device = inventory.index(ofNumber: Int(key.source)) else { return }
      sums.add(bytes, from: device, to: Int(key.destination))
    }
    let senders = sums.senders()
    let order = sums.order(addresses)
    let ids = inventory.devices.map(\.id)
    let hasTables = input.attributor.database != nil
    var summaries: [DestinationSummary] = []
    summaries.reserveCapacity(order.count)
    for destination in order {
      let address = addresses[destination]
      let record = hasTables ? input.attributor.attribution(of: address).record : nil
      summaries.append(
        DestinationSummary(
          address: address, names: names.names(of: destination), asn: record?.asn,
          asName: record?.asName, country: record?.country?.description,
          scope: survey.scope(ofNumber: destination), bytes: sums.bytes[destination],
          devices: senders.ids(of: destination, ids)))
    }
    return summaries
  }

  /// Likely and certain video that strangers sent to others outside, `from to`, each pair once.
  ///
  /// Addresses that nobody owns (documentation, benchmarks) are strangers too.
  private func foreignVideo() -> [String] {
    var pairs: [String] = []
    for assessment in survey.detector.assessments where assessment.verdict >= .likely {
      let flow = flow(assessment.flowID)
      let isForward = assessment.direction == .fromOriginator
      let source = isForward ? flow.originatorAddress : flow.responderAddress
      let destination = isForward ? flow.responderAddress : flow.originatorAddress
      guard [.foreign, .special].contains(input.attributor.attribution(of: source).scope),
        input.attributor.attribution(of: destination).scope != .inside
      else { continue }
      let pair = "\(source) to \(destination)"
      if !pairs.contains(pair) { pairs.append(pair) }
      if pairs.count == Self.maximumForeignPairs { break }
    }
    return pairs
  }

  /// Pairs of strangers that are counted; more only show that the inside was named wrongly.
  private static let maximumForeignPairs = 64

  private func limitations(
    _ candidates: [Candidate], _ destinations: [DestinationSummary]
  ) -> [Limitation] {
    var rules = LimitationRules(input: input, inventory: inventory)
    rules.cipheredFrames = survey.blindSpots.cipheredFrames
    if let database = input.attributor.database, !database.competingTables.isEmpty {
      rules.differingDestinations = destinations.compactMap { destination in
        let answers = database.differingAnswers(for: destination.address)
        return answers.isEmpty ? nil : (destination.address, answers)
      }
    }
    rules.outsideAddress = survey.outsideAddress
    for assessment in survey.detector.assessments {
      if let obstacle = assessment.obstacle { rules.obstacles[obstacle, default: 0] &+= 1 }
      if assessment.verdict == .likely || assessment.verdict == .possible {
        rules.likelyCandidates &+= 1
      }
    }
    rules.rhythmAssessed = survey.rhythmAssessed
    rules.unreadFindings = UInt64(
      candidates.count { candidate in
        candidate.channel.verdict >= .possible
          && !streams(of: candidate.channel).contains {
            $0.footageSeconds != nil || $0.width != nil
          }
      })
    rules.eventOverflow = survey.events.overflow
    rules.absentCameras = input.declaredCameras.filter { inventory.index(of: $0) == nil }.sorted()
      .map(\.description)
    rules.oneSidedFlows = survey.blindSpots.oneSidedFlows
    rules.missingBytes = survey.blindSpots.missingBytes
    rules.publicToPublic = survey.publicToPublic
    rules.foreignVideo = foreignVideo()
    rules.opaqueTunnels = survey.blindSpots.opaqueTunnels
    rules.closedTunnels = survey.blindSpots.closedTunnels
    rules.translatedFlows = survey.translatedFlows
    rules.channelOverflow = survey.channels.overflow
    rules.uploadOverflow = survey.detector.uploadOverflow
    rules.hostOverflow = inventory.overflow
    rules.documentationAddresses = UInt64(
      Set(
        candidates.filter { $0.destination.notes.contains(.documentationPrefixHonoured) }
          .map(\.channel.key.destination)
      ).count)
    return rules.limitations()
  }
}

extension DeclaredDevice {
  /// What the policy file says of a device.
  fileprivate init(_ known: PolicyFile.KnownDevice) {
    self.init()
    for key in known.keys {
      switch key {
      case .address(let address): addresses.append(address)
      case .mac(let address): hardware.append(address)
      }
    }
    name = known.name
    place = known.place
    role = known.role
  }
}
