// SPDX-License-Identifier: Apache-2.0

public import VideoDetection

/// Limits of exposure, volume and camera verdicts.
public enum ExposureThresholds {
  /// Volume of new payload below which a finding is information only.
  public static let volumeFloor = Thresholds.volumeFloor
  /// Volume an hour that counts as bulk.
  public static let bulkBytesPerHour = Threshold(
    "bulk_volume", 50_000_000, unit: "bytes per hour", source: "classifier.md 3.7")
  /// Producer-consumer ratio of bulk: (out - in) / (out + in).
  public static let bulkRatio = Threshold(
    "bulk_ratio", 0.6, unit: "(out - in) / (out + in)", source: "classifier.md 3.7")
  /// Time after the start of the capture from which a destination is new.
  public static let newAfterHours = Threshold(
    "new_destination", 24, unit: "hours after the capture begins", source: "classifier.md 3.7, X3")
  /// Distinct hours with traffic that count as sustained.
  public static let sustainedHours = Threshold(
    "sustained_hours", 3, unit: "hours", source: "classifier.md 3.7, X4")
  /// Days on which those hours must lie.
  public static let sustainedDays = Threshold(
    "sustained_days", 2, unit: "days", source: "classifier.md 3.7, X4")
  /// Cameras that send to one AS.
  public static let camerasToOneAS = Threshold(
    "cameras_to_one_as", 3, unit: "cameras", source: "classifier.md 3.7, X4")
  /// Volume a day that counts as sustained.
  public static let sustainedBytesPerDay = Threshold(
    "sustained_volume", 1_000_000_000, unit: "bytes per day", source: "classifier.md 3.7, X4")
  /// Loss from which nothing found means nothing.
  public static let lossShare = Threshold(
    "camera_loss", 0.01, unit: "share", source: "CONTRACT.md, camera verdict")

  /// Nights with traffic that count as sustained, in the zone of `--time-zone`.
  public static let sustainedNights = Threshold(
    "sustained_nights", 2, unit: "nights, 22 to 6 o'clock", source: "classifier.md 3.7, X4")
  /// Servers that introduce viewers from which on contact with them is the P2P pattern.
  public static let contactServers = Threshold(
    "p2p_servers", 3, unit: "servers", source: "classifier.md 3.7, X3")
  /// Payload loaded from outside that is listed as a download without a file name.
  public static let downloadFloor = Threshold(
    "download_volume", 100_000, unit: "bytes", source: "derived: above pages and updates of state")
  /// Payload of a run that counts as a start when devices are compared.
  public static let startVolume = Threshold(
    "start_volume", 100_000, unit: "bytes", source: "derived: above pages and keep-alives")
  /// Time that a device must have been seen before its past is compared.
  public static let pastSeconds = Threshold(
    "past_time", 600, unit: "seconds", source: "derived: as long as a short shift of habits")
  /// How many times faster than it was filmed footage is sent that was recorded before.
  public static let footagePace = Threshold(
    "footage_pace", 1.5, unit: "footage time / transfer time",
    source: "derived: live streams keep to 1 and cannot run ahead for long")
  /// How much longer than its transfer footage is that was recorded before.
  public static let footageExcess = Threshold(
    "footage_excess", 10, unit: "seconds",
    source: "derived: live streams begin with what a server holds since the last key frame, or a "
      + "camera from before an event; both are some seconds")

  /// All of them, in the order in which they are printed.
  public static let all: [Threshold] = [
    bulkBytesPerHour, bulkRatio, newAfterHours, sustainedHours, sustainedDays, camerasToOneAS,
    sustainedBytesPerDay, lossShare, sustainedNights, contactServers, downloadFloor, pastSeconds,
    startVolume, footagePace, footageExcess,
  ]
}
