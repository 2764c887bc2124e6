// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// The date that a recorder or camera writes into its frames (camera-protocols.md B2, B3): 32 bits
/// with seconds, minutes, hours, day, month and years since 2000, from the lowest bit up.
///
/// ```
/// year 6 | month 4 | day 5 | hour 5 | minute 6 | second 6
/// ```
///
/// The clock is the device's own and tells local time of a zone that is not said.
struct RecordingDate {
  /// Years before which a clock was never set: devices begin at 2000 or at their firmware's year.
  static let earliestYear = 2_010
  /// Age from which pictures are called stored, in seconds: zones reach from 12 hours behind to 14
  /// hours before UTC (IANA time zone database), and a clock may be an hour off by summer time.
  static let storedAge: Int64 = 15 * 3_600

  /// Seconds since 1970, read as if the zone were UTC; `nil` where the field holds no date.
  let seconds: Int64
  /// `2026-11-20 03:00`.
  let text: String

  init?(_ field: UInt32) {
    let second = Int(field & 0x3F)
    let minute = Int(field &>> 6 & 0x3F)
    let hour = Int(field &>> 12 & 0x1F)
    let day = Int(field &>> 17 & 0x1F)
    let month = Int(field &>> 22 & 0x0F)
    let year = 2_000 &+ Int(field &>> 26 & 0x3F)
    guard second < 60, minute < 60, hour < 24, (1...31).contains(day), (1...12).contains(month),
      year >= Self.earliestYear
    else { return nil }
    let days = CalendarDay(year: Int64(year), month: Int64(month), day: Int64(day)).daysSince1970
    seconds = days &* 86_400 &+ Int64(hour &* 3_600 &+ minute &* 60 &+ second)
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    text = "\(year)-\(padded(month))-\(padded(day)) \(padded(hour)):\(padded(minute))"
  }

  /// Seconds by which pictures of this date are older than a packet; `nil` where they may be live.
  func age(at time: Int64) -> Int64? {
    let age = time / 1_000_000_000 &- seconds
    return age >= Self.storedAge ? age : nil
  }
}
