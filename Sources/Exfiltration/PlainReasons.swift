// SPDX-License-Identifier: Apache-2.0

internal import VideoDetection

/// Says the reasons of a verdict to a reader who is no specialist; the evidence beside the text
/// keeps numbers and terms.
enum PlainReasons {
  /// Reasons said in a sentence.
  static let maximum = 3

  /// What each signal means.
  ///
  /// Signals without a line say themselves what they are.
  private static let meanings: [String: String] = [
    "rtsp_interleaved": "it runs on a channel that both ends set up for video (RTSP)",
    "codec-agrees": "the data is what the two ends had agreed on",
    "parameter-sets": "the size of its pictures is written in it",
    "key-frames": "it holds whole pictures from which viewing can begin",
    "program-map": "its table of contents lists video",
    "mpegts_strides": "its packets have the form mostly used for video",
    "rtp_video_pace": "its packets come picture by picture at the rate of video",
    "static_payload_type": "its packets bear the number that is assigned to video",
    "srt": "it travels by SRT (a protocol made for live video)",
    "frame_clock": "its packets come in groups with a steady beat as pictures do",
    "spectral_clock": "its packets come in groups with a steady beat as pictures do",
    "sizes_vary": "the groups differ in size as pictures do",
    "key_frame_period": "large groups return at a steady interval as key frames do",
    "long_key_frame_period": "large groups return at a steady interval as key frames do",
    "multi_packet_groups": "the groups are as large as pictures",
    "segments": "it comes in parts of like duration as recorded video does",
  ]

  /// Containers in words.
  private static let containers: [String: String] = [
    "mpegts": "an MPEG transport stream", "mpegps": "an MPEG program stream",
    "flv": "Flash video", "fmp4": "MP4", "dhav": "a recording of Dahua",
    "xiongmai": "a recording of Xiongmai", "jpeg": "JPEG pictures",
    "annexb": "a bare video stream", "gvsp": "uncompressed pictures of GigE Vision",
  ]

  /// Form of the data, order of its fragments and what the rhythm's gates say repeat what others
  /// say, or are numbers for the specialist.
  private static let unsaid: Set<String> = [
    "fragment-order", "rhythm_gates", "payload-uniform", "sustained_rate", "footage_pace",
  ]

  /// What shows a likeness; beside a proof it adds nothing.
  private static let likenesses: Set<String> = ["recurring_bursts", "recurring_clips", "bulk"]

  /// What speaks for the verdict, the strongest first.
  static func text(_ reasons: [Evidence], codec: String?, isProved: Bool) -> String {
    var said: [String] = []
    for reason in reasons where said.count < maximum {
      if isProved, likenesses.contains(reason.signal) { continue }
      // The same uploads, counted as bursts and as clips.
      if reason.signal == "recurring_bursts",
        reasons.contains(where: { $0.signal == "recurring_clips" })
      {
        continue
      }
      guard let text = text(reason, codec: codec), !said.contains(text) else { continue }
      said.append(text)
    }
    if said.isEmpty, let first = reasons.first { said = [first.text] }
    return enumerated(said)
  }

  /// What speaks against it most.
  static func against(_ counterReasons: [Evidence]) -> String? {
    let call = counterReasons.first { $0.signal == "interactive_video" }
    let signals: Set = [
      "payload_encrypted", "codec_not_shown", "container_incomplete", "transport_only", "rtp_level",
      "program_map", "loss", "snap_length",
    ]
    guard let reason = call ?? counterReasons.first(where: { signals.contains($0.signal) }) else {
      return nil
    }
    return reason.signal == "program_map" && reason.value == nil
      ? "its table of contents names no video, or was not seen whole" : reason.text
  }

  private static func text(_ reason: Evidence, codec: String?) -> String? {
    if unsaid.contains(reason.signal) { return nil }
    if reason.signal == "rtp_level" { return packets(reason) }
    if let meaning = meanings[reason.signal] { return meaning }
    if reason.signal == "codec-plausible" {
      let name =
        codec.map { $0 == "raw" ? "uncompressed pictures" : CodecNames.text($0) }
        ?? "a video codec"
      return share(reason.value) + " has the form of \(name)"
    }
    let prefix = "container-"
    if reason.signal.hasPrefix(prefix) {
      let name = String(reason.signal.dropFirst(prefix.count))
      return "it has the form of " + (containers[name] ?? name)
    }
    return reason.text
  }

  /// Only the highest level says that the timestamps run with a clock (classifier.md §3.2 rule 4).
  private static func packets(_ level: Evidence) -> String {
    let hasClock = (level.value ?? 0) >= (level.threshold ?? .infinity)
    return
      "its packets bear the numbers \(hasClock ? "and the clock " : "")of RTP (the protocol of "
      + "live media)"
  }

  private static func share(_ value: Double?) -> String {
    guard let value, value < 1 else { return "all that could be read" }
    return NumberText.decimal(value * 100, 1) + " % of what could be read"
  }

  /// `a`, `a and b`, `a, b and c`; with semicolons where a part holds a comma.
  private static func enumerated(_ parts: [String]) -> String {
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
    let separator = parts.contains { $0.contains(",") } ? "; " : ", "
    return parts.dropLast().joined(separator: separator)
      + (separator == "; " ? "; and " : " and ") + last
  }
}
