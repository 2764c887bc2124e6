// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// Activity between 22 and 6 o'clock of a place (classifier.md 3.7).
enum NightRule {
  /// First hour of the night, and the hour at which it ends.
  static let beginHour = 22
  static let endHour = 6

  /// Nights and share of the hours with traffic that lie in them; `seconds` are times since 1970 at
  /// which there was traffic, in any order.
  static func night(_ seconds: some Sequence<Int64>, in zone: LocalTimeZone?) -> DevicePast.Night {
    guard let zone else { return .notAssessed }
    var nights: Set<Int64> = []
    var hours: Set<Int64> = []
    var nightHours: Set<Int64> = []
    for second in seconds {
      let local = second &+ Int64(zone.offset(at: second &* 1_000_000_000))
      let hour = local.dividedDown(by: 3_600).quotient
      hours.insert(hour)
      let ofDay = hour.dividedDown(by: 24).rest
      guard ofDay >= beginHour || ofDay < endHour else { continue }
      nightHours.insert(hour)
      // The hours after midnight belong to the evening before.
      nights.insert((hour &- Int64(endHour)).dividedDown(by: 24).quotient)
    }
    guard !hours.isEmpty else { return .assessed(nights: 0, share: 0) }
    return .assessed(
      nights: nights.count, share: Double(nightHours.count) / Double(hours.count))
  }
}
