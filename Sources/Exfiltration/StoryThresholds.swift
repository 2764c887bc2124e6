// SPDX-License-Identifier: Apache-2.0

public import VideoDetection

/// Limits of what joins findings to a story.
public enum StoryThresholds {
  /// Destinations in turn that make a chain of one device.
  public static let chainLength = Threshold(
    "chain_length", 3, unit: "destinations",
    source: "issue 9, the airport case; two for several devices")
  /// Devices that make a chain of two destinations, or a common operator.
  public static let devices = Threshold(
    "story_devices", 3, unit: "devices", source: "classifier.md 3.6, chain")
  /// Chance below which coincident starts are no chance, after Bonferroni.
  public static let coincidenceChance = Threshold(
    "coincidence_chance", 0.001, unit: "probability", source: "classifier.md 3.6")
  /// Pause after which a device begins again.
  public static let pause = Threshold(
    "start_pause", 60, unit: "seconds", source: "derived: the widest window of coincidence")
  /// Share of a story's devices that an event before must have in common.
  public static let commonEventShare = Threshold(
    "common_event_share", 0.6, unit: "share of the devices", source: "derived")

  /// All of them, in the order in which they are printed.
  public static let all = [chainLength, devices, coincidenceChance, pause, commonEventShare]
}
