// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import Exfiltration
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// Adds flows to the lanes of a timeline.
struct TimelineBuilder {
  private let analysis: Analysis
  private let matcher: SelectionMatcher
  private let selectsAll: Bool
  private let start: Int64
  private let width: Int64
  private let count: Int
  private let maximumLanes: Int
  private var index: [String: Int] = [:]
  private(set) var lanes: [Timeline.Lane] = []
  private(set) var droppedGroups = 0

  init(_ timeline: Timeline, _ analysis: Analysis, _ selection: Selection) {
    self.analysis = analysis
    matcher = selection.matcher(for: analysis)
    selectsAll = selection.isEmpty
    start = timeline.start
    width = timeline.binSeconds
    count = timeline.binCount
    maximumLanes = max(
      1, min(Timeline.maximumLanes, Timeline.maximumCells / max(1, timeline.binCount)))
  }

  mutating func collect(by grouping: Timeline.Grouping) {
    guard count > 0 else { return }
    if grouping == .finding {
      collectFindings()
      return
    }
    collectFlows(by: grouping)
    let ranked = lanes.map { lane in
      (bytes: lane.bins.reduce(0) { $0 &+ $1.newPayloadBytes }, lane: lane)
    }
    lanes = ranked.enumerated().sorted {
      $0.element.bytes == $1.element.bytes
        ? $0.offset < $1.offset : $0.element.bytes > $1.element.bytes
    }.map(\.element.lane)
  }

  private mutating func collectFindings() {
    for finding in analysis.findings where matcher.matches(finding) { collect(finding) }
  }

  /// Adds the lane of one finding.
  mutating func collect(_ finding: Finding) {
    guard count > 0,
      let lane = lane(
        finding.id,
        {
          Timeline.Lane(
            group: finding.id, source: finding.sourceAddress,
            destination: finding.destination.address, destinationASN: finding.destination.asn,
            destinationCountry: finding.destination.country, verdict: finding.video.verdict,
            bins: [])
        })
    else { return }
    for id in finding.flows {
      guard analysis.flows.indices.contains(id - 1) else { continue }
      let flow = analysis.flows[id - 1]
      let direction: FlowDirection =
        flow.originatorAddress == finding.sourceAddress ? .fromOriginator : .fromResponder
      add(flow, direction, to: lane)
    }
  }

  /// The names of the media streams of each direction of a flow, joined.
  private func streamNames() -> [FlowSide: Timeline.Lane] {
    var lanes: [FlowSide: Timeline.Lane] = [:]
    for stream in analysis.mediaStreams {
      let side = FlowSide(flowID: stream.flowID, direction: stream.direction)
      var words = [stream.media.rawValue, stream.codec ?? stream.kind.rawValue]
      if let source = stream.synchronizationSource {
        words.append("0x" + String(source, radix: 16, uppercase: true))
      }
      let name = words.joined(separator: " ")
      if lanes[side] == nil {
        lanes[side] = Timeline.Lane(
          group: "\(stream.flowID) \(name)", source: stream.sourceAddress,
          destination: stream.destinationAddress, destinationASN: nil, destinationCountry: nil,
          verdict: stream.verdict, bins: [])
      } else {
        lanes[side]?.group += " + \(name)"
        if let verdict = lanes[side]?.verdict, stream.verdict > verdict {
          lanes[side]?.verdict = stream.verdict
        }
      }
    }
    return lanes
  }

  private struct FlowSide: Hashable {
    var flowID: Int
    var direction: FlowDirection
  }

  private mutating func collectFlows(by grouping: Timeline.Grouping) {
    var devices: [IPAddress: String] = [:]
    for device in analysis.devices {
      for address in device.addresses where devices[address] == nil { devices[address] = device.id }
    }
    var outside: [IPAddress: Int] = [:]
    for (position, destination) in analysis.destinations.enumerated() {
      outside[destination.address] = position
    }
    let streams = grouping == .stream ? streamNames() : [:]
    for flow in analysis.flows {
      if !selectsAll, !matcher.matches(flow, analysis.flowLabels[flow.id]) { continue }
      for direction in [FlowDirection.fromOriginator, .fromResponder] {
        guard flow.counters(direction).packets > 0 else { continue }
        let isForward = direction == .fromOriginator
        let source = isForward ? flow.originatorAddress : flow.responderAddress
        let receiver = isForward ? flow.responderAddress : flow.originatorAddress
        let place = outside[receiver].map { analysis.destinations[$0] }
        var lane = Timeline.Lane(
          group: "", source: nil, destination: nil, destinationASN: nil, destinationCountry: nil,
          verdict: .noEvidence, bins: [])
        switch grouping {
        case .finding: continue
        case .device:
          guard let device = devices[source] else { continue }
          lane.group = device
        case .destination:
          guard let place else { continue }
          lane.group = place.address.description
          lane.destination = place.address
          lane.destinationASN = place.asn
          lane.destinationCountry = place.country
        case .country:
          guard let place else { continue }
          lane.group = place.country ?? "unknown"
          lane.destinationCountry = place.country
        case .asn:
          guard let place else { continue }
          lane.group = place.asn.map { "AS\($0)" } ?? "unknown"
          lane.destinationASN = place.asn
        case .flow:
          guard flow.timeBins != nil else { continue }
          lane.group = "\(flow.id)\(isForward ? ">" : "<")"
          lane.source = source
          lane.destination = receiver
          lane.destinationASN = place?.asn
          lane.destinationCountry = place?.country
        case .stream:
          guard let found = streams[FlowSide(flowID: flow.id, direction: direction)] else {
            continue
          }
          lane = found
          lane.destinationASN = place?.asn
          lane.destinationCountry = place?.country
        }
        guard let position = self.lane(lane.group, { lane }) else { continue }
        if grouping == .stream {
          add(flow, direction, to: position)
          continue
        }
        let verdict = analysis.flowLabels[flow.id].verdict
        if verdict > lanes[position].verdict { lanes[position].verdict = verdict }
        add(flow, direction, to: position)
      }
    }
  }

  /// The lane of a group, made when it is new; `nil` when there are too many.
  private mutating func lane(_ group: String, _ make: () -> Timeline.Lane) -> Int? {
    if let position = index[group] { return position }
    guard lanes.count < maximumLanes else {
      droppedGroups += 1
      return nil
    }
    var lane = make()
    lane.bins = Array(repeating: Timeline.Bin(), count: count)
    index[group] = lanes.count
    lanes.append(lane)
    return lanes.count - 1
  }

  private mutating func add(_ flow: Flow, _ direction: FlowDirection, to lane: Int) {
    let counters = flow.counters(direction)
    guard let bins = flow.timeBins else {
      var bin = Timeline.Bin()
      bin.packets = counters.packets
      bin.wireBytes = counters.wireBytes
      bin.payloadBytes = counters.payloadBytes
      bin.newPayloadBytes = counters.newPayloadBytes
      let time = counters.firstTime ?? flow.firstPacket.time
      add(bin, at: time.dividedDown(by: 1_000_000_000).quotient, to: lane)
      return
    }
    let isForward = direction == .fromOriginator
    for (position, source) in bins.bins.enumerated() {
      var bin = Timeline.Bin()
      bin.packets = UInt64(isForward ? source.packets.originator : source.packets.responder)
      bin.wireBytes = UInt64(isForward ? source.wireBytes.originator : source.wireBytes.responder)
      bin.payloadBytes = UInt64(
        isForward ? source.payloadBytes.originator : source.payloadBytes.responder)
      bin.newPayloadBytes = UInt64(
        isForward ? source.newPayloadBytes.originator : source.newPayloadBytes.responder)
      if bin.packets == 0 { continue }
      spread(bin, at: bins.start &+ Int64(position) &* bins.width, over: bins.width, to: lane)
    }
  }

  /// Adds a bin of a flow; one wider than ours is spread evenly, to the byte.
  private mutating func spread(
    _ bin: Timeline.Bin, at second: Int64, over seconds: Int64, to lane: Int
  ) {
    let parts = UInt64(clamping: max(1, seconds / width))
    guard parts > 1 else { return add(bin, at: second, to: lane) }
    for part in 0..<parts {
      var piece = Timeline.Bin()
      piece.packets = bin.packets / parts + (part < bin.packets % parts ? 1 : 0)
      piece.wireBytes = bin.wireBytes / parts + (part < bin.wireBytes % parts ? 1 : 0)
      piece.payloadBytes =
        bin.payloadBytes / parts + (part < bin.payloadBytes % parts ? 1 : 0)
      piece.newPayloadBytes =
        bin.newPayloadBytes / parts + (part < bin.newPayloadBytes % parts ? 1 : 0)
      add(piece, at: second &+ Int64(part) &* width, to: lane)
    }
  }

  private mutating func add(_ bin: Timeline.Bin, at second: Int64, to lane: Int) {
    let (offset, overflow) = second.subtractingReportingOverflow(start)
    let position = overflow ? 0 : Int(min(max(0, offset / width), Int64(count - 1)))
    lanes[lane].bins[position].add(bin)
  }
}
