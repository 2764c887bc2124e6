// SPDX-License-Identifier: Apache-2.0

/// A rhythm signal and what it weighs in an explanation.
package struct VideoSignal: Sendable {
  /// Name in results.
  package var name: String
  /// The file in `Signals/` that measures it.
  package var file: String
  /// Decibans where it is present and where it is absent: 10 log10 of the likelihood ratio.
  package var present: Double
  package var absent: Double

  /// Where the weights come from.
  package var source = "classifier.md 2.3: 61 live streams, 39 look-alikes"
}

/// The rhythm signals, one file each in `Signals/`.
package enum VideoSignals {
  package static let rate = VideoSignal(
    name: "steady_rate", file: "SteadyRate", present: 1, absent: -6)
  package static let groups = VideoSignal(
    name: "multi_packet_groups", file: "PacketGroups", present: 2, absent: -4)
  package static let clock = VideoSignal(
    name: "frame_clock", file: "FrameClock", present: 5, absent: -9)
  package static let spectralClock = VideoSignal(
    name: "spectral_clock", file: "SpectralClock", present: 5, absent: 0)
  package static let comb = VideoSignal(name: "comb", file: "CombVeto", present: -9, absent: 0)
  package static let variation = VideoSignal(
    name: "sizes_vary", file: "VaryingSizes", present: 4, absent: -7)
  package static let keyFrames = VideoSignal(
    name: "key_frame_period", file: "KeyFramePeriod", present: 13, absent: -7)
  package static let longKeyFrames = VideoSignal(
    name: "long_key_frame_period", file: "LongKeyFramePeriod", present: 13, absent: 0)
  package static let order = VideoSignal(
    name: "size_order", file: "SizeOrder", present: 6, absent: -12,
    source: "the laboratory's choosing part: 38 live streams, 76 look-alikes")
  package static let constant = VideoSignal(
    name: "constant_sizes", file: "ConstantSizes", present: -13, absent: 0)
  package static let audio = VideoSignal(
    name: "audio_like", file: "AudioLike", present: -9, absent: 0)
  package static let saturated = VideoSignal(
    name: "saturated_line", file: "SaturatedLine", present: -12, absent: 0)
  package static let segments = VideoSignal(
    name: "segments", file: "Segments", present: 1, absent: 0)

  /// All of them; a file of `Signals/` that is not named here fails a test.
  package static let all: [VideoSignal] = [
    rate, groups, clock, spectralClock, comb, variation, keyFrames, longKeyFrames, order,
    constant, audio, saturated, segments,
  ]

  /// Greatest sum of weights that is shown, either way (classifier.md §3.5).
  package static let scoreLimit = 30.0
}
