// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import CaptureFile
internal import CaptureFilter
internal import Exfiltration
internal import FlowTracking
internal import MediaInspection
internal import PacketDecoding
internal import ProtocolRecognition
internal import Reporting
internal import VideoDetection

/// What is judged after the last packet: signalling joined to flows, video detected, devices
/// identified, destinations attributed, findings made.
struct Assessment {
  /// Nanoseconds without any packet between two inputs that are a gap.
  ///
  /// 1 s: shorter ones are what capture programs lose while they rotate files.
  static let minimumGap: Int64 = 1_000_000_000

  private let pass: CapturePass
  /// Taken out of `pass`, as the inspectors, so that joining signalling to it changes it in place: a
  /// second owner would make a copy of everything that is known of flows.
  private var recognition: [RecognitionResult]
  private var inspectors: [MediaInspector]
  private let configuration: Analyzer.Configuration
  private let database: GeoIPDatabase?
  private let registry: HardwareRegistryFile?

  init(
    _ pass: consuming CapturePass, configuration: Analyzer.Configuration,
    database: GeoIPDatabase?, registry: HardwareRegistryFile? = nil
  ) {
    self.registry = registry
    recognition = pass.shards.map(\.recognition)
    inspectors = pass.shards.map(\.media)
    for shard in pass.shards.indices {
      pass.shards[shard].recognition = RecognitionResult()
      pass.shards[shard].media = MediaInspector()
    }
    for (shard, inspector) in inspectors.enumerated() where inspector.overflow.count > 0 {
      recognition[shard].overflow.append((name: "media_streams", count: inspector.overflow))
    }
    self.pass = pass
    self.configuration = configuration
    self.database = database
  }

  consuming func analysis() -> Analysis {
    let flows = FlowCollection(pass.shards.map(\.flows))
    SignallingJoin.join(&recognition) { flows.endpoints(at: $0) }
    tellSignalling()
    let capture = capture()
    let result = Investigation(input(capture)).run(flows)
    var verdicts: [Int: VideoVerdict] = [:]
    for assessment in result.assessments {
      verdicts[assessment.flowID] = result.detector.verdict(ofFlow: assessment.flowID).strongest
    }
    return Analysis(
      isComplete: pass.isComplete, tool: ToolIdentity(thresholdsDigest: ThresholdTable.digest),
      configuration: configuration.entries(registry), inputs: pass.inputs,
      geoIPTables: database?.tables ?? [],
      isHomeDeclared: configuration.attribution.isHomeDeclared, capture: capture,
      devices: result.devices, mediaStreams: result.mediaStreams, findings: result.findings,
      stories: result.stories,
      cameraVerdicts: result.cameraVerdicts, destinations: result.destinations, flows: flows,
      flowLabels: FlowLabels(of: flows, recognition: result.recognition, verdicts: verdicts),
      names: AnnouncedNames(fileNames, recognition: recognition),
      limitations: result.limitations, unreadableInputs: pass.unreadable)
  }

  private func input(_ capture: CaptureSummary) -> InvestigationInput {
    var scope = CaptureScope()
    scope.firstTime = capture.firstTime
    scope.lastTime = capture.lastTime
    scope.gaps = capture.gaps.map { $0.from...$0.to }
    scope.packets = capture.packets
    scope.truncatedPackets =
      pass.totals.selected?.truncatedPackets
      ?? pass.inputs.reduce(0) { $0 + $1.truncatedPackets }
    scope.damagedPlaces = pass.inputs.reduce(0) { $0 &+ $1.damageCount }
    scope.skippedBytes = pass.inputs.reduce(0) { $0 &+ $1.bytesSkipped }
    scope.incompleteFragments = capture.incompleteFragments
    scope.incompleteDatagrams = pass.totals.incompleteDatagrams
    scope.duplicates = capture.duplicates
    scope.bounds = bounds()
    if let unserved = pass.totals.selected?.unserved {
      scope.unfilteredPackets = unserved.packets
      scope.unfilteredLinkTypes = unserved.linkTypes.map(\.description)
    }
    let undecoded = pass.inputs.flatMap(\.interfaces).filter {
      $0.packets > 0 && !LinkLayers.isDecoded($0.linkType.rawValue)
    }
    scope.undecodedPackets = undecoded.reduce(0) { $0 &+ $1.packets }
    scope.undecodedLinkTypes = Set(undecoded.map(\.linkType.rawValue)).sorted()
      .map { LinkType(rawValue: $0).description }
    scope.packetsWithoutFlow = capture.nonIPPackets
    scope.untimedPackets = pass.inputs.reduce(0) { $0 &+ $1.untimedPackets }
    scope.isComplete = pass.isComplete
    let dropped = pass.inputs.flatMap(\.interfaces).compactMap(\.dropped)
    scope.droppedPackets = dropped.isEmpty ? nil : dropped.reduce(0, +)
    var times: ClosedRange<Int64>?
    if let first = capture.firstTime, let last = capture.lastTime { times = first...last }
    var input = InvestigationInput(
      recognition: recognition, proof: { [inspectors] in inspectors[$0].proof(ofStream: $1) },
      attributor: Attributor(
        database: database, policy: configuration.attribution, captureTimes: times),
      scope: scope)
    let rhythms = pass.shards.map(\.rhythm)
    input.timing = { place, direction in
      let shard = Int(place.shard)
      return shard < rhythms.count
        ? rhythms[shard].assessment(flow: place.index, direction: direction) : nil
    }
    if let registry { input.hardwareVendors = registry.vendors }
    input.limits = configuration.memory
    let threadCount = configuration.threadCount
    input.threadCount = threadCount
    input.share = { count, body in
      _ = SharedWork.values(count, threadCount: threadCount, body)
    }
    input.knownDevices = configuration.knownDevices
    input.exceptions = configuration.exceptions
    input.timeZone = configuration.timeZone
    for camera in configuration.cameras {
      switch camera {
      case .address(let address): input.declaredCameras.append(address)
      case .mac(let address): input.declaredCameraHardware.append(address)
      }
    }
    return input
  }

  /// What met a bound while packets ran.
  private func bounds() -> CaptureScope.Bounds {
    func sum(_ part: (AnalysisShard.Result) -> BoundCount) -> BoundCount {
      BoundCount.sum(pass.shards.map(part))
    }
    var bounds = CaptureScope.Bounds()
    bounds.firstPayloads = sum(\.flows.firstPayloadsLeftOut)
    bounds.flows = sum(\.flows.foldedPackets)
    bounds.reassembly = sum(\.flows.streamsGivenUp)
    bounds.copies = sum(\.flows.copiesLeftOut)
    bounds.disorders = sum(\.flows.disordersLeftOut)
    bounds.traffics = sum(\.flows.trafficsLeftOut)
    bounds.timeBins = sum(\.flows.timeBinsJoined)
    bounds.rhythms = sum(\.rhythm.refusals)
    bounds.fragments = pass.totals.crowdedDatagrams
    return bounds
  }

  /// Tells the inspectors what signalling says of their streams.
  private mutating func tellSignalling() {
    for (shard, result) in recognition.enumerated() {
      for (index, record) in result.streams.enumerated() {
        guard let hint = record.codecHint, let codec = Codec(rtpEncodingName: hint.name) else {
          continue
        }
        let stream = UInt32(truncatingIfNeeded: index)
        inspectors[shard].setCodecHint(codec, forStream: stream)
        for set in record.parameterSets {
          inspectors[shard].setParameterSets(set.span, codec: codec, forStream: stream)
        }
      }
    }
  }

  /// Whether a filter or a time range leaves packets out.
  private var isSelective: Bool {
    configuration.filter != nil || configuration.timeRange != nil
  }

  private func capture() -> CaptureSummary {
    let selected = isSelective ? pass.totals.selected ?? SelectedPackets() : nil
    let wireBytes = selected?.wireBytes ?? pass.inputs.reduce(0) { $0 + $1.wireBytes }
    let copies = pass.shards.reduce(0) { $0 + $1.flows.duplicateWireBytes }
    let routes = DuplicateRoute.joined(pass.shards.map(\.flows.duplicateRoutes))
    return CaptureSummary(
      firstTime: selected.map(\.firstTime) ?? pass.inputs.compactMap(\.firstTime).min(),
      lastTime: selected.map(\.lastTime) ?? pass.inputs.compactMap(\.lastTime).max(),
      packets: pass.totals.packets,
      wireBytes: wireBytes, uniqueWireBytes: wireBytes &- copies,
      nonIPPackets: pass.totals.packetsWithoutFlow,
      incompleteFragments: pass.totals.incompleteFragments, gaps: gaps(), duplicates: routes)
  }

  /// Times that no input covers, between the first and the last packet.
  private func gaps() -> [CaptureSummary.Gap] {
    let spans = pass.inputs.compactMap { facts in
      facts.firstTime.flatMap { first in facts.lastTime.map { (first, $0) } }
    }.sorted { $0 < $1 }
    var result: [CaptureSummary.Gap] = []
    var end: Int64?
    for (first, last) in spans {
      if let end, first > end,
        first.subtractingReportingOverflow(end).partialValue >= Self.minimumGap
      {
        let gap = CaptureSummary.Gap(from: end, to: first)
        if configuration.covers(gap) { result.append(gap) }
      }
      end = max(end ?? last, last)
    }
    return result
  }

  /// Names of addresses in the capture files' own records.
  private var fileNames: [AnnouncedName] {
    pass.inputs.flatMap(\.names).compactMap { record in
      IPAddress(networkOrder: record.address).map {
        AnnouncedName(name: record.name, address: $0, source: "pcapng", packet: nil)
      }
    }
  }
}

extension Analyzer.Configuration {
  /// Whether a gap lies in the times that are analysed.
  fileprivate func covers(_ gap: CaptureSummary.Gap) -> Bool {
    if let from = timeRange?.from, gap.to <= from { return false }
    if let to = timeRange?.to, gap.from >= to { return false }
    return true
  }
}

extension IPAddress {
  /// Makes an address of its four or sixteen bytes in network order.
  fileprivate init?(networkOrder bytes: [UInt8]) {
    switch bytes.count {
    case 4: self.init(v4: bytes.reduce(0) { $0 << 8 | UInt32($1) })
    case 16:
      self.init(
        high: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) },
        low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
    default: return nil
    }
  }
}
