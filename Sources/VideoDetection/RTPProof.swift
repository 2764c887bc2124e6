// SPDX-License-Identifier: Apache-2.0

internal import MediaInspection
internal import PacketDecoding
internal import ProtocolRecognition

extension ProtocolProof {
  /// RTP and RTSP-interleaved RTP: level, pace, codec and signalling (classifier.md §3.2, 1 to 7).
  mutating func judgeRTP(
    _ record: MediaStreamRecord, _ rtp: RTPRecord, _ proof: MediaProof?,
    _ signalled: SignalledMedia
  ) {
    let stream = rtp.stream
    let isCodecShown = proof?.isBitstreamProved ?? false
    reasons.insert(levelEvidence(record, stream), at: 0)
    if let hint = record.codecHint, let packet = record.announcedBy {
      reasons.append(
        Evidence(
          signal: "signalling",
          text: "\(hint.source.uppercased()) names \(hint.name) (\(hint.media))",
          packets: [packet]))
    }
    media = mediaOfRTP(record, stream, proof, signalled)
    guard media != .audio, signalled != .other else { return }
    if proof?.isEncryptionSuspected ?? false, !record.isEncrypted {
      counterReasons.append(
        Evidence(
          signal: "payload_encrypted", text: "the payload looks ciphered",
          packets: record.evidence))
    }
    let hasVideoClock = stream.clockRate == 90_000
    // Interleaved frames negotiated as video need no clock: TCP delivers in bunches.
    if record.kind == .rtspInterleaved, signalled == .video,
      Double(stream.uniquePackets) >= Thresholds.interleavedFrames.value
    {
      verdict = .certain
      reasons.append(
        Evidence(
          signal: "rtsp_interleaved", value: Double(stream.uniquePackets),
          threshold: Thresholds.interleavedFrames.value,
          text: "\(stream.uniquePackets) frames on an RTSP channel negotiated as video",
          packets: record.evidence))
      return
    }
    if stream.level == .proven, isCodecShown || signalled == .video, hasVideoClock {
      verdict = .certain
      return
    }
    // MPEG-TS and MPEG-PS prove themselves by their tables, whatever RTP around them does.
    if isCodecShown, proof?.container != nil, stream.level >= .shaped {
      verdict = .certain
      return
    }
    if isCodecShown {
      verdict = stream.level >= .consistent ? .likely : .possible
      explainMissingLevel(stream)
      return
    }
    if signalled == .video, stream.level >= .shaped {
      verdict = stream.level >= .consistent ? .likely : .possible
      explainMissingLevel(stream)
      return
    }
    if judgeTransportStreamInside(record, stream, proof) { return }
    judgePace(record, stream)
  }

  /// Sync bytes of MPEG-TS in step inside RTP, without its tables: likely (classifier.md §3.2).
  private mutating func judgeTransportStreamInside(
    _ record: MediaStreamRecord, _ stream: RTPStreamValidator, _ proof: MediaProof?
  ) -> Bool {
    guard let proof, proof.container == .mpegts, stream.level >= .shaped,
      Double(proof.unitsPassed) >= Thresholds.transportStreamStrides.value,
      Double(proof.unitsPassed) >= Thresholds.codecShare.value * Double(proof.unitsTested)
    else { return false }
    judgeTransportStream(record, proof)
    explainMissingLevel(stream)
    return true
  }

  /// Neither bitstream nor signalling: the pace of the headers alone.
  private mutating func judgePace(_ record: MediaStreamRecord, _ stream: RTPStreamValidator) {
    let seconds = Double(stream.lastTime &- stream.firstTime) / 1e9
    let rate = seconds > 0 ? Double(stream.payloadBytes) * 8 / seconds : 0
    let isStaticVideo =
      record.codecHint?.source == "static_payload_type" && record.codecHint?.media == "video"
    guard stream.level == .proven else {
      if isStaticVideo, stream.level >= .shaped {
        // Below level 3 the clock was measured over less than half a second.
        let clock = stream.measuredClockRate ?? 0
        let difference = (clock / 90_000 - 1).magnitude * 100
        verdict = difference <= RTPThresholds.clockTolerancePercent ? .likely : .possible
        reasons.append(
          Evidence(
            signal: "static_payload_type", value: Double(stream.payloadType),
            text: "payload type \(stream.payloadType) is assigned to video, its timestamps run at "
              + NumberText.decimal(clock, 0) + " Hz", packets: record.evidence))
      }
      explainMissingLevel(stream)
      return
    }
    guard stream.clockRate == 90_000 else {
      counterReasons.append(
        Evidence(
          signal: "rtp_clock", value: stream.clockRate.map(Double.init), threshold: 90_000,
          text: "the timestamps run with a clock that video does not use"))
      return
    }
    guard stream.isVideoPaced || isStaticVideo else {
      if rate >= Thresholds.sustainedRate.value { verdict = .possible }
      counterReasons.append(
        Evidence(
          signal: "rtp_video_pace", value: stream.markersPerTimestamp,
          threshold: 0.8,
          text: "frame rate and marker bits are not those of video ("
            + NumberText.decimal(stream.timestampsPerSecond ?? 0) + " timestamps/s, "
            + NumberText.decimal(stream.markersPerTimestamp) + " markers each)"))
      return
    }
    let pace = Evidence(
      signal: "rtp_video_pace", value: stream.timestampsPerSecond,
      text: "90 kHz clock, " + NumberText.decimal(stream.timestampsPerSecond ?? 0)
        + " frames/s, one marker bit each", packets: record.evidence)
    // Metadata streams have the pace, not the volume.
    if rate >= Thresholds.sustainedRate.value {
      verdict = .likely
      reasons.append(pace)
    } else {
      verdict = .possible
      reasons.append(pace)
      counterReasons.append(
        Evidence(
          signal: "sustained_rate", value: rate, threshold: Thresholds.sustainedRate.value,
          text: NumberText.rate(rate) + " are few for video"))
    }
    counterReasons.append(
      Evidence(
        signal: "codec_not_shown",
        text: "the payload shows no known video codec and no signalling names one"))
  }

  private func mediaOfRTP(
    _ record: MediaStreamRecord, _ stream: RTPStreamValidator, _ proof: MediaProof?,
    _ signalled: SignalledMedia
  ) -> MediaStream.Media {
    if proof?.isBitstreamProved ?? false, proof?.kind == .video { return .video }
    switch signalled {
    case .video: return .video
    case .audio: return .audio
    case .other: return .unknown
    case .unsaid: break
    }
    if let proof, proof.kind != .unknown { return proof.kind == .video ? .video : .audio }
    if RTPStaticPayloadTypes.isAudio(stream.payloadType) { return .audio }
    if stream.isAudioPaced { return .audio }
    if stream.level == .proven, let clock = stream.clockRate, clock != 90_000 { return .audio }
    return stream.isVideoPaced ? .video : .unknown
  }

  private func levelEvidence(
    _ record: MediaStreamRecord, _ stream: RTPStreamValidator
  ) -> Evidence {
    var text = "RTP level \(stream.level.rawValue): \(stream.uniquePackets) packets in sequence"
    if let clock = stream.clockRate { text += ", \(clock) Hz clock" }
    return Evidence(
      signal: "rtp_level", value: Double(stream.level.rawValue),
      threshold: Double(RTPLevel.proven.rawValue), text: text, packets: record.evidence)
  }

  private mutating func explainMissingLevel(_ stream: RTPStreamValidator) {
    guard stream.level < .proven else { return }
    counterReasons.append(
      Evidence(
        signal: "rtp_level", value: Double(stream.level.rawValue),
        threshold: Double(RTPLevel.proven.rawValue),
        text: "too short, or its timestamps follow no usual media clock"))
  }
}
