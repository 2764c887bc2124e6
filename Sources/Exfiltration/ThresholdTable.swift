// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import HostInventory
internal import MediaInspection
internal import ProtocolRecognition
public import VideoDetection

/// Every threshold that decides about a verdict, a role or a severity.
public enum ThresholdTable {
  /// All thresholds in the order in which they are printed.
  public static let all: [Threshold] =
    rtp + Thresholds.all + RhythmThresholds.all + weights + ExposureThresholds.all
    + StoryThresholds.all + roles

  /// SHA-256 over ``all`` as 64 hexadecimal digits, so that results of different thresholds are
  /// told apart.
  public static let digest: String = SHA256Hex.digest(of: canonicalText)

  /// SHA-256 over the names and values of those that decide about video, so that measured error
  /// rates are not shown for other ones.
  public static let videoDigest: String = SHA256Hex.digest(
    of: (Thresholds.all + RhythmThresholds.all).map {
      "\($0.name)\t\(NumberText.decimal($0.value, 6))\n"
    }.joined())

  /// One line a threshold: name, value, unit, source, separated by tabs.
  public static let canonicalText: String = all.map {
    "\($0.name)\t\(NumberText.decimal($0.value, 6))\t\($0.unit)\t\($0.source)\n"
  }.joined()

  /// Weights for the reader; no verdict depends on them.
  private static let weights: [Threshold] = VideoSignals.all.flatMap { signal in
    [("present", signal.present), ("absent", signal.absent)].filter { $0.1 != 0 }.map {
      Threshold(
        "weight_\(signal.name)_\($0.0)", $0.1, unit: "decibans", source: signal.source)
    }
  }

  private static let rtp: [Threshold] = [
    Threshold(
      "rtp_level_1", Double(RTPThresholds.shapedPackets), unit: "packets",
      source: "classifier.md 3.2 rule 2"),
    Threshold(
      "rtp_level_2", Double(RTPThresholds.consistentPackets), unit: "packets",
      source: "classifier.md 3.2 rule 3"),
    Threshold(
      "rtp_clock_time", Double(RTPThresholds.clockSpan) / 1e9, unit: "seconds",
      source: "classifier.md 3.2 rule 4"),
    Threshold(
      "rtp_clock_tolerance", RTPThresholds.clockTolerancePercent, unit: "percent",
      source: "classifier.md 3.2 rule 4"),
    Threshold(
      "codec_units_with_parameter_sets", Double(Plausibility.minimumUnitsWithParameterSets),
      unit: "units", source: "MediaInspection: parameter sets read without contradiction"),
  ]

  private static let roles: [Threshold] = [
    ("declared", RoleWeights.declared), ("makers_protocol", RoleWeights.definite),
    ("banner", RoleWeights.strong), ("camera_hardware", RoleWeights.cameraHardware),
    ("sends_video", RoleWeights.sendsVideo), ("answers_rtsp", RoleWeights.answersRTSP),
    ("collects_video", RoleWeights.collectsVideo),
    ("dedicated_cloud", RoleWeights.dedicatedCloud), ("indicative", RoleWeights.indicative),
    ("weak", RoleWeights.weak), ("threshold", RoleWeights.threshold),
    ("strong", RoleWeights.strongThreshold),
  ].map {
    Threshold(
      "role_" + $0.0, Double($0.1), unit: "weight", source: "camera-protocols.md C7 in numbers")
  }
}
