// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration

/// Times for people: UTC first, and the clock of the site behind it where a zone was given.
struct ReportClock: Sendable {
  /// The zone of the site.
  let zone: LocalTimeZone?

  init(_ zone: LocalTimeZone?) { self.zone = zone }

  /// `2026-03-14 01:40:00 UTC (02:40:00 Europe/Rome)`.
  func text(_ time: Int64) -> String {
    "\(Timestamp(nanoseconds: time).secondsText) UTC\(behind([time]))"
  }

  /// `2026-03-14 01:40:00 to 01:50:21 UTC (02:40:00 to 02:50:21 Europe/Rome)`.
  func range(_ first: Int64, _ last: Int64) -> String {
    let begin = Timestamp(nanoseconds: first)
    return begin.secondsText + " to "
      + Self.text(Timestamp(nanoseconds: last), after: begin.dateText) + " UTC"
      + behind([first, last])
  }

  /// A time as the zone's calendar has it; `nil` without a zone or where it would not fit.
  func local(_ time: Int64) -> Timestamp? {
    guard let zone else { return nil }
    let (shifted, overflow) = time.addingReportingOverflow(
      Int64(zone.offset(at: time)) &* 1_000_000_000)
    return overflow ? nil : Timestamp(nanoseconds: shifted)
  }

  /// The same times in the zone, the date only where it is another one.
  private func behind(_ times: [Int64]) -> String {
    let locals = times.compactMap(local)
    guard let zone, locals.count == times.count else { return "" }
    let words = zip(times, locals).map { time, local in
      Self.text(local, after: Timestamp(nanoseconds: time).dateText)
    }
    return " (\(words.joined(separator: " to ")) \(zone.name))"
  }

  private static func text(_ time: Timestamp, after date: String) -> String {
    time.dateText == date ? time.clockText : time.secondsText
  }
}

extension Analysis {
  /// Times of this analysis for people.
  var clock: ReportClock { ReportClock(timeZone) }
}
