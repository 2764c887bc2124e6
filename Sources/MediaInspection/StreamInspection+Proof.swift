// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
internal import ProtocolRecognition

/// The answer about a stream, with its reasons.
extension StreamInspection {
  /// What the units so far show; nil when none came.
  func proof() -> MediaProof? {
    guard units > 0 || !signalled.isEmpty || hint != nil else { return nil }
    var proof = MediaProof()
    proof.codecHint = hint
    proof.accessUnits = clock.accessUnits
    switch phase {
    case .codec:
      describe(track, isSettled: true, &proof)
    case .container:
      describeContainer(&proof)
    case .detecting:
      if let best = bestCandidate { describe(best, isSettled: false, &proof) }
    case .unrecognized:
      break
    }
    if proof.container == nil, proof.kind == .video || hint?.kind == .video {
      proof.measuredFramesPerSecond = clock.framesPerSecond
      proof.footageSeconds = clock.seconds
    }
    finish(&proof)
    return proof
  }

  /// While undecided: the codec whose parameter sets were read, otherwise the one signalled.
  private var bestCandidate: MediaTrack? {
    let read = candidates.first { $0.isPlausible && $0.parameterSets.contains(.sequence) }
    if let read { return read }
    return candidates.first { $0.codec == hint } ?? nil
  }

  private func describe(_ track: MediaTrack, isSettled: Bool, _ proof: inout MediaProof) {
    proof.unitsTested = track.unitsTested
    proof.unitsPassed = track.unitsPassed
    proof.keyFrames = track.keyFrames.count
    proof.keyFrameTimes = track.keyFrames.times
    proof.keyFrameIntervalSeconds = track.keyFrames.medianIntervalSeconds
    proof.hasParameterSets = track.parameterSets.contains(.sequence)
    guard let reader = Codecs.reader(of: track.codec) else { return }
    let isConvincing = isSettled && reader.isConvincing(track)
    if isSettled || proof.hasParameterSets { proof.codecFromBitstream = track.codec }
    proof.isBitstreamProved = isConvincing
    proof.kind = isConvincing ? .video : .unknown
    describeFacts(track.facts, reader, &proof)
    if track.slicesTested >= Plausibility.minimumFragments,
      track.slicesPassed &* 4 < track.slicesTested &* 3, track.hasFragmentOrder
    {
      proof.isEncryptionSuspected = true
    }
    addCodecEvidence(track, &proof)
  }

  private func describeFacts(
    _ facts: PictureFacts, _ reader: any CodecReader.Type, _ proof: inout MediaProof
  ) {
    if facts.hasBelievableSize {
      proof.width = facts.width
      proof.height = facts.height
    }
    proof.statedFramesPerSecond = facts.framesPerSecond
    proof.profile = reader.profileText(facts)
    proof.level = reader.levelText(facts)
  }

  private func addCodecEvidence(_ track: MediaTrack, _ proof: inout MediaProof) {
    if track.unitsTested > 0 {
      let counts = "\(track.unitsPassed) of \(track.unitsTested)"
      proof.evidence.append(
        MediaEvidence(
          rule: "codec-plausible",
          text: "\(counts) units have the form of \(track.codec.rawValue)",
          value: Double(track.unitsPassed) / Double(track.unitsTested),
          threshold: Double(Plausibility.percent) / 100, holds: track.isPlausible,
          packets: [track.firstPacket ?? firstPacket].compactMap { $0 }))
    }
    // A few in order say nothing yet, and nothing against.
    if track.structureTested >= Plausibility.minimumFragments
      || track.structurePassed < track.structureTested
    {
      proof.evidence.append(
        MediaEvidence(
          rule: "fragment-order",
          text: "\(track.structurePassed) of \(track.structureTested) fragments follow each other",
          value: Double(track.structurePassed) / Double(track.structureTested),
          threshold: Double(Plausibility.percent) / 100, holds: track.hasFragmentOrder,
          packets: []))
    }
    if track.parameterSets.contains(.sequence) {
      let rate = track.facts.framesPerSecond.map { ", \(Self.text($0)) frames/s" } ?? ""
      proof.evidence.append(
        MediaEvidence(
          rule: "parameter-sets",
          text:
            "parameter sets read: \(track.facts.width)x\(track.facts.height)\(rate)",
          value: Double(track.sequenceSetCount), threshold: 1, holds: true,
          packets: [track.parameterSetPacket].compactMap { $0 }))
    }
    if track.keyFrames.count > 0 {
      let interval = track.keyFrames.medianIntervalSeconds
      let text = interval.map { ", median distance \(Self.text($0)) s" } ?? ""
      proof.evidence.append(
        MediaEvidence(
          rule: "key-frames",
          text: "\(track.keyFrames.count) key frames or recovery points\(text)",
          value: Double(track.keyFrames.count), threshold: 1, holds: true,
          packets: track.keyFrames.packets))
    }
  }

  private func describeContainer(_ proof: inout MediaProof) {
    guard let container else { return }
    let facts = container.facts
    let kind = type(of: container).container
    proof.container = kind
    proof.programMapValid = facts.hasValidProgramMap
    proof.streamTypes = facts.streamTypes
    proof.audioCodec = facts.audioCodec
    proof.codec = facts.videoCodec
    let isSound = Plausibility.holds(facts.passed, of: facts.tested)
    var hasCodecProof = false
    if let track = container.track {
      describe(track, isSettled: true, &proof)
      hasCodecProof =
        track.parameterSets.contains(.sequence) && (track.unitsTested == 0 || track.isPlausible)
      if !hasCodecProof, track.unitsPassed == 0 { proof.codecFromBitstream = nil }
    }
    if let codec = proof.codecFromBitstream { proof.codec = codec }
    let pictures = container.track?.pictures ?? 0
    proof.accessUnits =
      facts.clock.accessUnits > 0
      ? facts.clock.accessUnits &+ facts.unstampedPictures(pictures) : pictures
    proof.measuredFramesPerSecond = facts.clock.framesPerSecond
    proof.isFinishedFile = facts.isFinishedFile
    if proof.width == nil, PictureFacts.dimensions.contains(facts.width),
      PictureFacts.dimensions.contains(facts.height)
    {
      proof.width = facts.width
      proof.height = facts.height
    }
    if proof.statedFramesPerSecond == nil, PictureFacts.frameRates.contains(facts.framesPerSecond) {
      proof.statedFramesPerSecond = facts.framesPerSecond
    }
    if facts.statedSeconds > 0 {
      proof.footageSeconds = facts.statedSeconds
      let rate = Double(proof.accessUnits) / facts.statedSeconds
      if PictureFacts.frameRates.contains(rate) { proof.measuredFramesPerSecond = rate }
    } else if proof.accessUnits > 0 {
      let rate = proof.measuredFramesPerSecond ?? proof.statedFramesPerSecond
      proof.footageSeconds = rate.map { Double(proof.accessUnits) / $0 }
    }
    proof.unitsTested = facts.tested
    proof.unitsPassed = facts.passed
    proof.isBitstreamProved = isSound && (facts.isProof || hasCodecProof)
    if facts.isScrambled { proof.isEncryptionSuspected = true }
    if proof.isBitstreamProved || facts.saysVideo {
      proof.kind = .video
    } else if facts.audioCodec != nil {
      proof.kind = .audio
      proof.codec = facts.audioCodec
    } else {
      proof.kind = .unknown
    }
    proof.evidence.insert(
      MediaEvidence(
        rule: "container-\(kind.rawValue)",
        text: "\(facts.passed) of \(facts.tested) parts of the container are in place",
        value: Double(facts.passed), threshold: Double(TransportStream.minimumStrides),
        holds: isSound, packets: [firstPacket].compactMap { $0 }), at: 0)
    addRecordingDate(facts, &proof)
    if let isValid = facts.hasValidProgramMap {
      let types = facts.streamTypes.map(Self.hexadecimal).joined(separator: ", ")
      proof.evidence.append(
        MediaEvidence(
          rule: "program-map",
          text: isValid
            ? "program map with right CRC: stream types \(types)"
            : "program map with wrong CRC",
          value: Double(facts.streamTypes.count), threshold: 1, holds: isValid,
          packets: [facts.packet].compactMap { $0 }))
    }
  }

  /// Pictures that are older than they can be live.
  private func addRecordingDate(_ facts: ContainerFacts, _ proof: inout MediaProof) {
    guard let packet = facts.packet, let date = RecordingDate(facts.recordingDate),
      let age = date.age(at: packet.time)
    else { return }
    proof.evidence.append(
      MediaEvidence(
        rule: "recording-date",
        text:
          "the pictures are dated \(date.text) by the device, \(Self.text(Double(age) / 3_600)) h "
          + "before they were captured: a recording, or a clock that is wrong",
        value: Double(age), threshold: Double(RecordingDate.storedAge), holds: true,
        packets: [packet]))
  }

  /// Signalling, agreement and ciphertext.
  private func finish(_ proof: inout MediaProof) {
    if let signalled = signalled.first, !proof.hasParameterSets,
      let reader = Codecs.reader(of: signalled.codec),
      proof.codecFromBitstream == nil || proof.codecFromBitstream == signalled.codec
    {
      describeFacts(signalled.facts, reader, &proof)
    }
    if let hint {
      if let found = proof.codecFromBitstream ?? (proof.container != nil ? proof.codec : nil) {
        let agree = found == hint || (found == .mpeg1video && hint == .mpeg2video)
        proof.codecsAgree = agree
        proof.evidence.append(
          MediaEvidence(
            rule: agree ? "codec-agrees" : "codec-disagrees",
            text: "signalling says \(hint.rawValue), the bitstream is \(found.rawValue)",
            value: agree ? 1 : 0, threshold: 1, holds: agree, packets: []))
      }
      proof.codec = proof.codec ?? proof.codecFromBitstream ?? hint
      if proof.kind == .unknown { proof.kind = hint.kind }
    } else {
      proof.codec = proof.codec ?? proof.codecFromBitstream
    }
    if let found = proof.codecFromBitstream { proof.codec = found }
    if !proof.isBitstreamProved, spread.isUniform {
      proof.isEncryptionSuspected = true
      proof.evidence.append(
        MediaEvidence(
          rule: "payload-uniform",
          text: "unit types of \(spread.count) payloads are evenly spread, as in ciphertext",
          value: spread.chiSquare, threshold: UnitTypeSpread.maximumChiSquare, holds: true,
          packets: [firstPacket].compactMap { $0 }))
    }
  }

  /// A number with two decimals at most, without locale.
  private static func text(_ value: Double) -> String {
    guard value >= 0, value < 1e12 else { return "?" }
    let hundredths = Int(value * 100 + 0.5)
    let whole = hundredths / 100
    let rest = hundredths % 100
    if rest == 0 { return "\(whole)" }
    return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
