// SPDX-License-Identifier: Apache-2.0

internal import MediaInspection
internal import PacketDecoding
internal import ProtocolRecognition

extension ProtocolProof {
  /// Streams without an SSRC: containers, RTMP, HTTP bodies, SRT, makers' protocols
  /// (classifier.md §3.2, other protocol proof).
  mutating func judgeContainer(
    _ record: MediaStreamRecord, _ proof: MediaProof?, _ signalled: SignalledMedia
  ) {
    if let proof, proof.kind == .audio {
      media = .audio
      return
    }
    if let proof, proof.isBitstreamProved {
      media = .video
      verdict = .certain
      return
    }
    if signalled == .audio {
      media = .audio
      return
    }
    if proof?.kind == .video || signalled == .video { media = .video }
    switch record.kind {
    case .mpegts: judgeTransportStream(record, proof)
    case .rtmp, .http, .mpegps, .vendor, .rtp, .rtspInterleaved, .webrtc:
      if media == .video {
        verdict = .likely
        counterReasons.append(
          Evidence(
            signal: "container_incomplete",
            text: "the container names video, but too little of it was seen to prove it",
            packets: record.evidence))
      }
    case .srt:
      reasons.append(
        Evidence(
          signal: "srt", value: Double(record.units),
          text: "SRT, a transport made for live video", packets: record.evidence))
      counterReasons.append(
        Evidence(signal: "transport_only", text: "SRT alone does not say what it carries"))
      verdict = media == .video ? .likely : .possible
    }
  }

  mutating func judgeTransportStream(_ record: MediaStreamRecord, _ proof: MediaProof?) {
    let strides = proof.map { Double($0.unitsPassed) } ?? Double(record.units)
    guard strides >= Thresholds.transportStreamStrides.value else { return }
    reasons.append(
      Evidence(
        signal: "mpegts_strides", value: strides,
        threshold: Thresholds.transportStreamStrides.value,
        text: "MPEG transport stream packets in step", packets: record.evidence))
    if proof?.programMapValid == true, media != .video {
      counterReasons.append(
        Evidence(signal: "program_map", text: "the program map lists no video"))
      return
    }
    verdict = .likely
    if proof?.programMapValid != true {
      counterReasons.append(
        Evidence(signal: "program_map", text: "no program map with a right CRC was seen"))
    }
  }
}
