// SPDX-License-Identifier: Apache-2.0

internal import MediaInspection
internal import PacketDecoding
internal import ProtocolRecognition

/// The verdict on one media stream from protocol and bitstream (classifier.md §3.2).
struct ProtocolProof {
  var verdict = VideoVerdict.noEvidence
  var media = MediaStream.Media.unknown
  var reasons: [Evidence] = []
  var counterReasons: [Evidence] = []

  /// Judges a stream by its transport record and what its bitstream showed.
  static func judge(_ record: MediaStreamRecord, _ proof: MediaProof?) -> ProtocolProof {
    var result = ProtocolProof()
    result.addBitstreamEvidence(proof)
    let signalled = SignalledMedia(record.codecHint, proof)
    if let rtp = record.rtp {
      result.judgeRTP(record, rtp, proof, signalled)
    } else {
      result.judgeContainer(record, proof, signalled)
    }
    if result.media == .audio { result.verdict = .noEvidence }
    // An encrypted stream is never proved by what cannot be read; signalling may name it.
    if record.isEncrypted, result.verdict == .certain, signalled != .video {
      result.verdict = .likely
      result.counterReasons.append(
        Evidence(
          signal: "payload_encrypted",
          text: "the payload is ciphered and no signalling names video", packets: record.evidence))
    }
    return result
  }

  /// Takes over the reasons of MediaInspection.
  private mutating func addBitstreamEvidence(_ proof: MediaProof?) {
    for evidence in proof?.evidence ?? [] {
      let entry = Evidence(
        signal: evidence.rule, value: evidence.value,
        threshold: evidence.threshold == 0 ? nil : evidence.threshold, text: evidence.text,
        packets: evidence.packets)
      if evidence.holds, evidence.rule != "payload-uniform" {
        reasons.append(entry)
      } else {
        counterReasons.append(entry)
      }
    }
  }
}

/// What signalling says a stream carries.
enum SignalledMedia {
  case video
  case audio
  case other
  case unsaid

  init(_ hint: CodecHint?, _ proof: MediaProof?) {
    guard let hint, hint.source != "static_payload_type" else {
      self = .unsaid
      return
    }
    switch hint.media.lowercased() {
    case "video": self = .video
    case "audio": self = .audio
    case "": self = proof?.codecHint.map { $0.kind == .video ? .video : .audio } ?? .unsaid
    default: self = .other
    }
  }
}
