// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
internal import MediaInspection
package import PacketDecoding
internal import ProtocolRecognition

/// Says of each direction of each flow how sure it is that it carries video.
///
/// Feed every flow once that is wanted, in order of ids, then call ``finish()``.
package struct VideoDetector {
  /// Verdicts of a flow's two directions.
  package struct FlowVerdict: Sendable {
    package var originator: VideoVerdict
    package var responder: VideoVerdict

    /// The stronger of the two; `notAssessed` where nothing was found and one was not assessed,
    /// because silence must not pass for an all-clear.
    package var strongest: VideoVerdict {
      let strongest = max(originator, responder)
      guard strongest == .noEvidence else { return strongest }
      return min(originator, responder)
    }

    /// The verdict of a direction.
    package func verdict(_ direction: FlowDirection) -> VideoVerdict {
      direction == .fromOriginator ? originator : responder
    }
  }

  private let index: RecognitionIndex
  private let timing: (FlowPlace, FlowDirection) -> TimingAssessment?
  private var uploads: ChannelUploads
  private var positions: [Int: (originator: Int, responder: Int)] = [:]

  /// Media streams so far; sorted by ``finish()``.
  package private(set) var streams: [MediaStream] = []
  /// Assessments of directions with evidence, or that could not be assessed.
  package private(set) var assessments: [DirectionAssessment] = []

  /// Makes a detector.
  ///
  /// - Parameters:
  ///   - index: What recognition and media inspection learnt.
  ///   - limits: What may be kept.
  ///   - timing: What the rhythm of a direction says, `nil` where it was not measured.
  package init(
    index: RecognitionIndex, limits: MemoryLimits = .standard,
    timing: @escaping (FlowPlace, FlowDirection) -> TimingAssessment? = { _, _ in nil }
  ) {
    self.index = index
    uploads = ChannelUploads(maximum: limits.uploads)
    self.timing = timing
  }

  /// Uploads that were left out of the search for recurrence.
  package var uploadOverflow: BoundCount { uploads.overflow }

  /// Assesses both directions of a flow.
  ///
  /// - Complexity: O(1) for flows without evidence, no allocation kept.
  package mutating func add(_ flow: Flow) {
    // Most flows are small and carry no media: nothing can be said of them.
    guard Self.isWanted(FlowGlance(flow, number: 0), index) else { return }
    let streams = index.streams(at: flow.place)
    let recognition = index.recognition(at: flow.place)
    let isOpaque = OpaqueServices.hides(flow, recognition)
    var found: [DirectionAssessment?] = []
    for direction in FlowDirection.allCases {
      let counters = flow.counters(direction)
      guard counters.packets > 0 else {
        found.append(nil)
        continue
      }
      if isOpaque { uploads.add(flow, direction) }
      found.append(assess(flow, direction, streams, recognition, isOpaque))
    }
    noteCall(&found, flow)
    for case let assessment? in found { append(assessment) }
  }

  /// Whether anything can be said of a flow, so that it has to be added.
  package static func isWanted(_ flow: FlowGlance, _ index: RecognitionIndex) -> Bool {
    flow.hasTimeBins
      || isLarge(max(flow.originator.payloadBytes, flow.responder.payloadBytes))
      || index.hasStreams(at: flow.place)
  }

  private static func isLarge(_ payloadBytes: UInt64) -> Bool {
    payloadBytes >= UInt64(Thresholds.volumeFloor.value)
  }

  /// Applies what only shows over several flows and puts the results in order.
  package mutating func finish() {
    for recurrence in uploads.recurrences() {
      var done: Set<Int> = []
      for upload in recurrence.uploads where done.insert(upload.flowID).inserted {
        raise(upload, recurrence.evidence)
      }
    }
    let order = streams.indices.sorted { Self.key(streams[$0]) < Self.key(streams[$1]) }
    var newPosition = [Int](repeating: 0, count: streams.count)
    for (position, old) in order.enumerated() { newPosition[old] = position }
    streams = order.map { streams[$0] }
    for position in assessments.indices {
      assessments[position].streams = assessments[position].streams.map { newPosition[$0] }.sorted()
    }
    let sorted = assessments.indices.sorted {
      (assessments[$0].flowID, assessments[$0].direction.rawValue)
        < (assessments[$1].flowID, assessments[$1].direction.rawValue)
    }
    assessments = sorted.map { assessments[$0] }
    positions = [:]
    for (position, assessment) in assessments.enumerated() { remember(assessment, position) }
  }

  /// The verdicts of a flow by its id.
  package func verdict(ofFlow id: Int) -> FlowVerdict {
    FlowVerdict(
      originator: assessment(ofFlow: id, .fromOriginator)?.verdict ?? .noEvidence,
      responder: assessment(ofFlow: id, .fromResponder)?.verdict ?? .noEvidence)
  }

  /// The assessment of a direction, `nil` where there is no evidence.
  package func assessment(ofFlow id: Int, _ direction: FlowDirection) -> DirectionAssessment? {
    guard let pair = positions[id] else { return nil }
    let position = direction == .fromOriginator ? pair.originator : pair.responder
    return position < 0 ? nil : assessments[position]
  }

  private static func key(_ stream: MediaStream) -> (Int, UInt8, UInt32, Int64, String) {
    (
      stream.flowID, stream.direction.rawValue, stream.synchronizationSource ?? 0,
      stream.firstTime, stream.kind.rawValue
    )
  }

  private mutating func append(_ assessment: DirectionAssessment) {
    remember(assessment, assessments.count)
    assessments.append(assessment)
  }

  private mutating func remember(_ assessment: DirectionAssessment, _ position: Int) {
    var pair = positions[assessment.flowID] ?? (originator: -1, responder: -1)
    if assessment.direction == .fromOriginator {
      pair.originator = position
    } else {
      pair.responder = position
    }
    positions[assessment.flowID] = pair
  }

  /// Raises what the rhythm or recurring uploads make possible by one step, because of what else
  /// is known of the sender (classifier.md §3.4, upgrade); never to `certain`.
  ///
  /// - Parameters:
  ///   - position: Index of the assessment.
  ///   - reason: What is known of the sender, in words.
  /// - Returns: Whether the verdict was raised.
  package mutating func raise(_ position: Int, because reason: String) -> Bool {
    guard assessments.indices.contains(position), assessments[position].verdict == .possible,
      assessments[position].isLead
    else { return false }
    assessments[position].verdict = .likely
    assessments[position].reasons.append(
      Evidence(
        signal: "context", points: nil,
        text: "it is called likely and not only possible because " + reason))
    return true
  }

  private mutating func raise(_ upload: ChannelUploads.Upload, _ evidence: Evidence) {
    let pair = positions[upload.flowID]
    let position = upload.direction == .fromOriginator ? pair?.originator : pair?.responder
    guard let position, position >= 0 else {
      append(
        DirectionAssessment(
          flowID: upload.flowID, place: upload.place, direction: upload.direction,
          verdict: .possible, reasons: [evidence]))
      return
    }
    assessments[position].verdict = max(assessments[position].verdict, .possible)
    assessments[position].reasons.insert(evidence, at: 0)
  }
}

extension VideoDetector {
  private mutating func assess(
    _ flow: Flow, _ direction: FlowDirection,
    _ records: [(record: MediaStreamRecord, proof: MediaProof?)],
    _ recognition: FlowRecognition?, _ isOpaque: Bool
  ) -> DirectionAssessment? {
    var result = DirectionAssessment(
      flowID: flow.id, place: flow.place, direction: direction, verdict: .noEvidence)
    for entry in records where entry.record.direction == direction {
      let proof = ProtocolProof.judge(entry.record, entry.proof)
      result.streams.append(streams.count)
      streams.append(MediaStream(flow, entry.record, entry.proof, proof, recognition))
      // The reasons of the strongest stream are those of the direction.
      if proof.verdict > result.verdict || result.reasons.isEmpty {
        result.reasons = proof.reasons
        result.counterReasons = proof.counterReasons
      }
      result.verdict = max(result.verdict, proof.verdict)
    }
    if result.verdict == .noEvidence, !result.streams.isEmpty {
      // What was recognised as audio or another thing is assessed, with its reasons.
      result.counterReasons += result.reasons
      result.reasons = []
    }
    applyTiming(flow, direction, isOpaque, &result)
    guard result.verdict != .noEvidence || !result.streams.isEmpty else { return nil }
    return result
  }

  /// Rhythm, or the statement that it would have been needed.
  private func applyTiming(
    _ flow: Flow, _ direction: FlowDirection, _ isOpaque: Bool,
    _ result: inout DirectionAssessment
  ) {
    let counters = flow.counters(direction)
    let timing = mayNeedRhythm(result, isOpaque) ? timing(flow.place, direction) : nil
    if let timing { join(timing, &result) }
    guard Double(counters.newPayloadBytes) >= Thresholds.volumeFloor.value else { return }
    let rate = SustainedRate(flow, direction)
    noteLoss(counters, &result)
    if result.verdict >= .possible {
      if rate.isMet { result.reasons.append(rate.evidence) }
      return
    }
    if timing?.verdict == .notAssessed, isOpaque, rate.isMet, result.verdict == .noEvidence {
      result.verdict = .notAssessed
      result.obstacle = timing?.obstacle
      result.counterReasons += timing?.counterReasons ?? []
      result.reasons.append(rate.evidence)
    }
    guard result.verdict == .noEvidence, result.streams.isEmpty, timing == nil else { return }
    let packets = flow.originator.packets &+ flow.responder.packets
    let cutShare = Double(flow.truncatedPackets) / Double(max(packets, 1))
    if cutShare > Thresholds.truncatedShare.value, rate.isMet {
      result.verdict = .notAssessed
      result.obstacle = .snapLength
      result.counterReasons.append(
        Evidence(
          signal: "snap_length", value: cutShare, threshold: Thresholds.truncatedShare.value,
          text: "the payload was cut off by the snapshot length of the capture",
          packets: [flow.firstPacket]))
      result.reasons.append(rate.evidence)
    } else if isOpaque, rate.isMet {
      result.verdict = .notAssessed
      result.obstacle = .rhythmNotMeasured
      result.counterReasons.append(
        Evidence(
          signal: "payload_opaque",
          text:
            "the payload is ciphered or of an unknown protocol, and its rhythm was not measured",
          packets: [flow.firstPacket]))
      result.reasons.append(rate.evidence)
    }
  }

  /// Whether the rhythm says more than the payload did: not where video is proved, or sound.
  private func mayNeedRhythm(_ result: DirectionAssessment, _ isOpaque: Bool) -> Bool {
    if result.streams.isEmpty { return isOpaque }
    return result.verdict < .likely
      && !result.streams.contains { streams[$0].media == .audio }
  }

  /// Adds what the rhythm says; it never lowers what the payload showed.
  private func join(_ timing: TimingAssessment, _ result: inout DirectionAssessment) {
    result.rhythm = timing
    guard timing.verdict >= .possible else { return }
    result.verdict = max(result.verdict, timing.verdict)
    result.reasons += timing.reasons
    result.counterReasons += timing.counterReasons
  }

  private func noteLoss(_ counters: FlowCounters, _ result: inout DirectionAssessment) {
    let share = Double(counters.missingBytes) / Double(max(counters.payloadBytes, 1))
    guard share > Thresholds.missingShare.value else { return }
    result.counterReasons.append(
      Evidence(
        signal: "loss", value: share, threshold: Thresholds.missingShare.value,
        text: NumberText.decimal(share * 100, 1) + " % of the bytes are missing from the capture"))
    if result.verdict == .noEvidence, result.obstacle == nil { result.obstacle = .loss }
  }

  /// Video both ways is a call rather than a camera: what rests on rhythm falls one step
  /// (classifier.md §3.4, downgrades).
  private func noteCall(_ found: inout [DirectionAssessment?], _ flow: Flow) {
    guard found.count == 2, let first = found[0], let second = found[1],
      first.verdict >= .possible, second.verdict >= .possible
    else { return }
    let sent = Double(flow.originator.newPayloadBytes)
    let received = Double(flow.responder.newPayloadBytes)
    let ratio = (sent - received) / max(sent + received, 1)
    let limit = Thresholds.callRatio.value
    for position in found.indices {
      found[position]?.counterReasons.append(
        Evidence(
          signal: "interactive_video", value: ratio.magnitude, threshold: limit,
          text: "the other direction carries video too: a call, or both ends are cameras"))
      if ratio.magnitude <= limit, found[position]?.isRhythmOnly ?? false {
        found[position]?.verdict = .possible
      }
    }
  }
}

extension DirectionAssessment {
  /// Whether what makes it possible is what video alone has: pictures, segments, or recurring
  /// uploads, and nothing speaks of a call.
  fileprivate var isLead: Bool {
    guard !counterReasons.contains(where: { $0.signal == "interactive_video" }) else {
      return false
    }
    return rhythm?.verdict == .possible
      || reasons.contains { Self.leads.contains($0.signal) }
  }

  private static let leads: Set<String> = ["recurring_bursts", "recurring_clips"]

  /// Whether the verdict rests on the rhythm and on nothing read in the payload.
  fileprivate var isRhythmOnly: Bool {
    verdict == .likely && rhythm?.verdict == .likely
  }
}
