// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// The limits of the rhythm signals and of the gates that join them.
public enum RhythmThresholds {
  /// Length of a window.
  public static let window = Threshold(
    "rhythm_window", Double(RhythmWindow.length) / 1e9, unit: "seconds",
    source: "classifier.md 2.5: 3 s find a third, 20 s nothing more")
  /// Least length of the last window of a direction.
  public static let leastWindow = Threshold(
    "rhythm_window_least", 5, unit: "seconds",
    source: "classifier.md 2.5: 5 s windows find nearly all")
  /// Pause that ends a group of packets.
  public static let groupGap = Threshold(
    "group_gap", Double(RhythmWindow.groupGap) / 1e6, unit: "seconds",
    source: "classifier.md 3.3, group: less than half a frame at 60 frames/s")
  /// Bytes from which a group counts as a picture and not as an acknowledgment.
  public static let groupBytes = Threshold(
    "group_bytes", 200, unit: "bytes", source: "classifier.md 3.3, clock")
  /// Rate from which a direction is measured at all.
  public static let candidateRate = Threshold(
    "candidate_rate", 40_000, unit: "bits per second", source: "classifier.md 3.1, tier 1")
  /// Lowest frame rate looked for.
  public static let leastClock = Threshold(
    "clock_least", 4, unit: "Hz", source: "classifier.md 3.3, clock")
  /// Highest frame rate looked for.
  public static let greatestClock = Threshold(
    "clock_greatest", 62, unit: "Hz", source: "classifier.md 3.3, clock")
  /// Share of the highest peak that the lowest one must reach to be the clock.
  public static let clockPeakShare = Threshold(
    "clock_peak_share", 0.88, unit: "share", source: "classifier.md 3.3, clock")
  /// Rayleigh R of group starts.
  public static let clockStrength = Threshold(
    "clock_rayleigh", 0.5, unit: "R", source: "classifier.md 3.3, clock")
  /// Rayleigh R that is strong.
  public static let clockStrong = Threshold(
    "clock_rayleigh_strong", 0.75, unit: "R", source: "classifier.md 3.3, clock")
  /// Groups times R squared.
  public static let clockSignificance = Threshold(
    "clock_significance", 18, unit: "n R^2",
    source: "classifier.md 3.3, clock: chance 1200 exp(-18) = 2e-5 a window")
  /// Groups a period that there must be more than.
  public static let clockDensity = Threshold(
    "clock_groups_per_period", 0.5, unit: "groups a period",
    source: "classifier.md 3.3, clock: kills pulse trains of 1 Hz; more than, so that a pulse of "
      + "2 Hz, which is in step with 4 Hz, is none either")
  /// Share of bytes in phase.
  public static let clockLock = Threshold(
    "clock_bytes_in_phase", 0.55, unit: "share of bytes",
    source: "classifier.md 3.3, clock: chance gives 30 %; kills keep-alive combs")
  /// Distance from the phase within which bytes are in phase.
  public static let clockPhase = Threshold(
    "clock_phase", 0.15, unit: "share of a period", source: "classifier.md 3.3, clock")
  /// Spectral peak over its background.
  public static let spectralPeak = Threshold(
    "spectral_peak", 40, unit: "times the background",
    source: "classifier.md 3.3, clock fallback: chance 580 exp(-40)")
  /// Groups a period at least, for the spectral clock.
  public static let spectralDensity = Threshold(
    "spectral_groups_per_period", 0.4, unit: "groups a period",
    source: "classifier.md 3.3, clock fallback")
  /// Spread of the middle half of group sizes below which a clock is a comb of voice.
  public static let combSpread = Threshold(
    "comb_spread", 0.1, unit: "(P60 - P10) / P50", source: "classifier.md 3.3, comb veto")
  /// Median group below which the comb veto applies.
  public static let combMedian = Threshold(
    "comb_median", 500, unit: "bytes", source: "classifier.md 3.3, comb veto")
  /// Variation of group sizes of video.
  public static let variation = Threshold(
    "size_variation", 0.15, unit: "standard deviation / mean",
    source: "classifier.md 3.3, vary: video .17 to 4.3, constant senders .00")
  /// Variation that is strong.
  public static let variationStrong = Threshold(
    "size_variation_strong", 0.5, unit: "standard deviation / mean",
    source: "classifier.md 3.3, vary")
  /// Shortest key-frame period.
  public static let leastKeyFramePeriod = Threshold(
    "key_frame_period_least", 0.3, unit: "seconds", source: "classifier.md 3.3, gop")
  /// Longest key-frame period seen within a window.
  public static let greatestKeyFramePeriod = Threshold(
    "key_frame_period_greatest", 6.5, unit: "seconds", source: "classifier.md 3.3, gop")
  /// Quantile at which slots are clipped.
  public static let slotClip = Threshold(
    "key_frame_slot_clip", 0.99, unit: "quantile", source: "classifier.md 3.3, gop")
  /// Correlation above chance, in standard errors.
  public static let keyFrameSignificance = Threshold(
    "key_frame_significance", 3.3, unit: "1 / sqrt(slots)", source: "classifier.md 3.3, gop")
  /// Prominence of the peak over its surroundings.
  public static let keyFrameProminence = Threshold(
    "key_frame_prominence", 0.25, unit: "correlation",
    source: "classifier.md 3.3, gop: video .40 to 1.06, look-alikes up to .24")
  /// Share of the peak found again at twice the period.
  public static let keyFrameRepeat = Threshold(
    "key_frame_repeat", 0.4, unit: "share of the peak", source: "classifier.md 3.3, gop")
  /// Share of large slots that a key-frame period allows.
  public static let largeSlots = Threshold(
    "key_frame_large_slots", 0.35, unit: "share of slots", source: "classifier.md 3.3, gop")
  /// Slots above this multiple of the mean are large.
  public static let largeSlotFactor = Threshold(
    "key_frame_large_factor", 2, unit: "times the mean",
    source: "chosen here: of the median, which is a B frame where there are any, P frames were "
      + "large and their key frames not found in the laboratory")
  /// Slot of a direction without a clock.
  public static let blindSlot = Threshold(
    "key_frame_blind_slot", 0.05, unit: "seconds",
    source: "chosen here: a tenth of the shortest usual key-frame period")
  /// Median group of several packets.
  public static let multiplePackets = Threshold(
    "multi_packet_median", 700, unit: "bytes", source: "classifier.md 3.3, multi")
  /// Variation below which sizes are constant, which excludes video.
  public static let constantVeto = Threshold(
    "constant_veto", 0.008, unit: "standard deviation / mean",
    source: "classifier.md 3.3, const: JPEG .04, constant senders .000 to .008")
  /// Spread of the middle half of the sizes below which they are constant all the same.
  public static let constantSpread = Threshold(
    "constant_spread", 0.008, unit: "(P75 - P25) / P50",
    source: "added here: chunked uploads and sound cards with a few merged groups have 0, "
      + "Motion-JPEG .04, video .1 or more")
  /// Variation below which sizes speak against video without a key-frame period.
  public static let constantAgainst = Threshold(
    "constant_against", 0.12, unit: "standard deviation / mean",
    source: "classifier.md 3.3, const")
  /// Median group below which the audio veto applies.
  public static let audioMedian = Threshold(
    "audio_median", 400, unit: "bytes", source: "classifier.md 3.3, audio")
  /// Variation below which the audio veto applies.
  public static let audioVariation = Threshold(
    "audio_variation", 0.5, unit: "standard deviation / mean",
    source: "classifier.md 3.3, audio")
  /// Share of the window that groups fill when no rhythm can be seen.
  public static let saturation = Threshold(
    "saturation", 0.92, unit: "share of the window", source: "classifier.md 3.3, sat")
  /// Windows needed for `likely`.
  public static let likelyWindows = Threshold(
    "likely_windows", 3, unit: "windows", source: "classifier.md 3.4: 30 s")
  /// Seconds that they cover together.
  public static let likelySeconds = Threshold(
    "likely_time", 27, unit: "seconds",
    source: "classifier.md 3.4: 30 s, less the 3 s that make a candidate")
  /// Share of windows with a clock.
  public static let clockWindows = Threshold(
    "clock_windows", 0.6, unit: "share of windows", source: "classifier.md 3.4")
  /// Share of windows with the same clock.
  public static let sameClockWindows = Threshold(
    "same_clock_windows", 0.5, unit: "share of windows", source: "classifier.md 3.4")
  /// Difference between clocks that are the same.
  public static let clockTolerance = Threshold(
    "same_clock_tolerance", 0.03, unit: "share", source: "classifier.md 3.4")
  /// Share of windows with varying sizes.
  public static let variationWindows = Threshold(
    "variation_windows", 0.6, unit: "share of windows", source: "classifier.md 3.4")
  /// Share of windows with the same key-frame period.
  public static let keyFrameWindows = Threshold(
    "key_frame_windows", 0.5, unit: "share of windows", source: "classifier.md 3.4")
  /// Difference between periods that are the same.
  public static let keyFrameTolerance = Threshold(
    "same_key_frame_tolerance", 0.06, unit: "share",
    source: "classifier.md 3.4; twice or half the period counts as the same")
  /// Share of windows that no veto may claim.
  public static let vetoFreeWindows = Threshold(
    "veto_free_windows", 0.5, unit: "share of windows", source: "classifier.md 3.4")
  /// Median picture of Motion-JPEG.
  public static let largePicture = Threshold(
    "large_picture", 5_000, unit: "bytes", source: "classifier.md 3.4, MJPEG-like")
  /// Windows with a key-frame period that make a lead without a clock.
  public static let clocklessWindows = Threshold(
    "clockless_windows", 2, unit: "windows",
    source: "chosen here: one window of a file transfer was a false lead (classifier.md 2.6)")
  /// Groups from key frame to key frame at least.
  public static let keyFrameDensity = Threshold(
    "key_frame_groups_per_period", 4, unit: "groups a period",
    source: "added here: a pulse every 2 s and a rate-limited backup with a larger chunk every "
      + "0.85 s were taken for key frames; what has no pictures between them is for the segments "
      + "rule")
  /// Longest period that counts where there is no clock.
  public static let clocklessPeriod = Threshold(
    "clockless_period_greatest", 3.25, unit: "seconds",
    source: "added here: half of the longest lag, so that the repetition is always tested")
  /// Pause between segments.
  public static let segmentPause = Threshold(
    "segment_pause", 0.15, unit: "seconds", source: "classifier.md 3.4, segments")
  /// Bytes of a segment.
  public static let segmentBytes = Threshold(
    "segment_bytes", 40_000, unit: "bytes", source: "classifier.md 3.4, segments")
  /// Segments needed.
  public static let segments = Threshold(
    "segments", 10, unit: "segments", source: "classifier.md 3.4, segments")
  /// Shortest distance of segments.
  public static let leastSegmentPeriod = Threshold(
    "segment_period_least", 0.9, unit: "seconds",
    source: "classifier.md 3.4, segments (0.3 there): batches shipped two and four times a second "
      + "were leads, key-frame segments have 1 s or more")
  /// Longest distance of segments.
  public static let greatestSegmentPeriod = Threshold(
    "segment_period_greatest", 12, unit: "seconds", source: "classifier.md 3.4, segments")
  /// Robust variation of their distances.
  public static let segmentPeriodVariation = Threshold(
    "segment_period_variation", 0.1, unit: "median deviation / median",
    source: "classifier.md 3.4, segments")
  /// Least variation of their sizes.
  public static let leastSegmentVariation = Threshold(
    "segment_variation_least", 0.008, unit: "standard deviation / mean",
    source: "classifier.md 3.4, segments")
  /// Greatest variation of their sizes.
  public static let greatestSegmentVariation = Threshold(
    "segment_variation_greatest", 0.6, unit: "standard deviation / mean",
    source: "classifier.md 3.4, segments")
  /// Rank correlation of sizes with those before them.
  public static let orderStrength = Threshold(
    "size_order", 0.15, unit: "rank correlation",
    source: "added here, Documentation/classifier.md 5: live video .18 to .85 in the laboratory; "
      + "with a clock, games, polled screens, noisy and constant sensors had .00 to .09")
  /// The same above chance, in standard errors.
  public static let orderSignificance = Threshold(
    "size_order_significance", 3.3, unit: "1 / sqrt(groups)",
    source:
      "added here, as for key frames: by chance at one of 8 distances in 1 of 250; live video "
      + "4.7 or more, logs up to 2.1")
  /// Seconds of which the largest picture is kept, for key-frame periods longer than a window.
  public static let pictureSeconds = Threshold(
    "long_period_seconds", 240, unit: "seconds", source: "classifier.md 3.4, last point")
  /// Multiple of the median largest picture from which one may be a key frame.
  public static let longPeriodFactor = Threshold(
    "long_period_factor", 2, unit: "times the median",
    source: "chosen here: key frames measured 2.5 to 20 times the others (classifier.md 2.4)")
  /// Key frames needed for a long period.
  public static let longPeriodFrames = Threshold(
    "long_period_frames", 4, unit: "key frames", source: "chosen here: three equal distances")
  /// Difference of the distances from their median.
  public static let longPeriodTolerance = Threshold(
    "long_period_tolerance", 0.03, unit: "share",
    source: "chosen here: half of classifier.md 3.4, because three distances are few")
  /// Shortest long period.
  public static let leastLongPeriod = Threshold(
    "long_period_least", 4.5, unit: "seconds", source: "classifier.md 3.4, last point")

  /// All of them, in the order in which they are printed.
  public static let all: [Threshold] = [
    window, leastWindow, groupGap, groupBytes, candidateRate, leastClock, greatestClock,
    clockPeakShare, clockStrength, clockStrong, clockSignificance, clockDensity, clockLock,
    clockPhase, spectralPeak, spectralDensity, combSpread, combMedian, variation,
    variationStrong, leastKeyFramePeriod, greatestKeyFramePeriod, slotClip,
    keyFrameSignificance, keyFrameProminence, keyFrameRepeat, largeSlots, largeSlotFactor,
    blindSlot, multiplePackets, constantVeto, constantSpread, constantAgainst, audioMedian,
    audioVariation,
    saturation, likelyWindows, likelySeconds, clockWindows, sameClockWindows, clockTolerance,
    variationWindows, keyFrameWindows, keyFrameTolerance, vetoFreeWindows, largePicture,
    clocklessWindows, keyFrameDensity, clocklessPeriod, segmentPause, segmentBytes, segments,
    leastSegmentPeriod,
    greatestSegmentPeriod, segmentPeriodVariation, leastSegmentVariation,
    greatestSegmentVariation, orderStrength, orderSignificance,
    pictureSeconds, longPeriodFactor, longPeriodFrames,
    longPeriodTolerance, leastLongPeriod,
  ]
}
