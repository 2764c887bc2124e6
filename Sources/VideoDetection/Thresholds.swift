// SPDX-License-Identifier: Apache-2.0

/// A limit that decides about verdicts, with its unit and where it comes from.
public struct Threshold: Sendable, Hashable {
  /// Stable name.
  public var name: String
  /// Unit of the value.
  public var unit: String
  /// The value.
  public var value: Double
  /// Where the value comes from and why.
  public var source: String

  /// Makes a threshold.
  package init(_ name: String, _ value: Double, unit: String, source: String) {
    self.name = name
    self.value = value
    self.unit = unit
    self.source = source
  }
}

/// The thresholds of this stage; those of RTP and codecs stand in their own stages.
public enum Thresholds {
  /// Least number of units whose form was tested before plausibility proves a codec.
  public static let codecUnits = Threshold(
    "codec_units", 100, unit: "units", source: "classifier.md 3.2 rule 7")
  /// Share of tested units that the codec must allow.
  public static let codecShare = Threshold(
    "codec_share", 0.98, unit: "share", source: "classifier.md 3.2 rule 7")
  /// Interleaved frames of RTSP on a channel announced as video.
  public static let interleavedFrames = Threshold(
    "rtsp_interleaved_frames", 32, unit: "frames",
    source: "classifier.md 3.2, other protocol proof")
  /// Sync bytes of MPEG-TS in a row.
  public static let transportStreamStrides = Threshold(
    "mpegts_strides", 5, unit: "packets of 188 bytes",
    source: "classifier.md 3.2, other protocol proof")
  /// RTMP video messages.
  public static let rtmpVideoMessages = Threshold(
    "rtmp_video_messages", 10, unit: "messages",
    source: "classifier.md 3.2, other protocol proof")
  /// Rate below which only tiny pictures or stills fit.
  public static let sustainedRate = Threshold(
    "sustained_rate", 64_000, unit: "bits per second", source: "classifier.md 3.3, rate")
  /// Bytes that make a second active.
  public static let activeSecondBytes = Threshold(
    "active_second", 2_500, unit: "bytes", source: "classifier.md 3.3, rate")
  /// Share of seconds that must be active.
  public static let activeShare = Threshold(
    "active_share", 0.7, unit: "share of seconds", source: "classifier.md 3.3, rate")
  /// Time over which a rate must hold.
  public static let sustainedSeconds = Threshold(
    "sustained_time", 3, unit: "seconds", source: "classifier.md 3.1, tier 1")
  /// Bytes of a large burst.
  public static let largeBurstBytes = Threshold(
    "large_burst", 1_000_000, unit: "bytes", source: "classifier.md 3.6: 4 s at 2 Mbit/s")
  /// Bytes of a burst that may be a clip of a camera.
  public static let clipBytes = Threshold(
    "clip_burst", 240_000, unit: "bytes",
    source: "classifier.md 3.7 volume floor (30 s at 64 kbit/s); clips of a real camera have "
      + "0.33 to 0.61 MB")
  /// Outbound share of a large burst.
  public static let burstShare = Threshold(
    "burst_outbound_share", 0.8, unit: "share", source: "classifier.md 3.6: PCR >= 0.6")
  /// Mean rate within a large burst.
  public static let burstRate = Threshold(
    "burst_rate", 500_000, unit: "bits per second", source: "classifier.md 3.6")
  /// Duration from which a burst is a sustained transfer.
  public static let burstSeconds = Threshold(
    "burst_time", 120, unit: "seconds", source: "classifier.md 3.6")
  /// Large bursts to one channel that count as recurring.
  public static let recurringBursts = Threshold(
    "recurring_bursts", 3, unit: "bursts", source: "classifier.md 3.6")
  /// Time within which they must lie.
  public static let recurrenceSeconds = Threshold(
    "recurrence_time", 3_600, unit: "seconds", source: "classifier.md 3.6")
  /// Least coefficient of variation of their sizes.
  public static let burstVariationMinimum = Threshold(
    "burst_variation_minimum", 0.1, unit: "standard deviation / mean",
    source: "classifier.md 3.6: below are segments or fixed chunks")
  /// Greatest coefficient of variation of their sizes.
  public static let burstVariationMaximum = Threshold(
    "burst_variation_maximum", 1.0, unit: "standard deviation / mean",
    source: "classifier.md 3.6")
  /// Share of the time that bursts may fill.
  public static let burstBusyShare = Threshold(
    "burst_busy_share", 0.5, unit: "share of time", source: "classifier.md 3.6")
  /// Clips to one place over the whole capture that count as recurring uploads.
  public static let recurringClips = Threshold(
    "recurring_clips", 3, unit: "connections",
    source: "classifier.md 3.6 (3 bursts), without its hour: events of a real camera lie days "
      + "apart; costs photo backup and log upload of the same shape as leads")
  /// Least coefficient of variation of clip sizes.
  public static let clipVariationMinimum = Threshold(
    "clip_variation_minimum", 0.02, unit: "standard deviation / mean",
    source: "classifier.md 3.6: exact repeats are segments or fixed chunks")
  /// Greatest coefficient of variation of clip sizes.
  public static let clipVariationMaximum = Threshold(
    "clip_variation_maximum", 0.35, unit: "standard deviation / mean",
    source: "classifier.md 3.6: clips of one camera measured .15 to .37; a real camera .08")
  /// Producer-consumer ratio up to which video both ways is a call.
  public static let callRatio = Threshold(
    "call_ratio", 0.5, unit: "|out - in| / (out + in)", source: "classifier.md 3.4, downgrade")
  /// Share of TCP bytes that may be missing before a direction counts as incomplete.
  public static let missingShare = Threshold(
    "missing_share", 0.01, unit: "share of bytes", source: "CONTRACT.md, camera verdict")
  /// Share of packets that may be cut before the payload counts as not seen.
  public static let truncatedShare = Threshold(
    "truncated_share", 0.5, unit: "share of packets", source: "chosen here: the majority")
  /// Payload below which nothing is more than information, and nothing need be assessed.
  public static let volumeFloor = Threshold(
    "volume_floor", 240_000, unit: "bytes",
    source: "classifier.md 3.7: 30 s at 64 kbit/s")

  /// All of them, in the order in which they are printed.
  public static let all: [Threshold] = [
    codecUnits, codecShare, interleavedFrames, transportStreamStrides, rtmpVideoMessages,
    sustainedRate, activeSecondBytes, activeShare, sustainedSeconds, largeBurstBytes, clipBytes,
    burstShare, burstRate, burstSeconds, recurringBursts, recurrenceSeconds,
    burstVariationMinimum, burstVariationMaximum, burstBusyShare, recurringClips,
    clipVariationMinimum,
    clipVariationMaximum, callRatio, missingShare,
    truncatedShare, volumeFloor,
  ]
}
