// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// The day, or only the month, whose state a table describes.
public struct GeoIPTableDate: Hashable, Sendable, Comparable {
  /// Gregorian year, 1990...2199.
  public let year: Int
  /// Month, 1...12.
  public let month: Int
  /// Day of the month, or `nil` where only the month is known.
  public let day: Int?

  /// How the date of a table is known, the surest first.
  public enum Basis: String, Sendable {
    /// Given by the user.
    case option
    /// Written in the file.
    case header
    /// Read from the name of the file.
    case fileName = "file_name"
    /// Read from the name of the folder the file lies in.
    case folderName = "folder_name"
  }

  /// Makes a date, or `nil` if there is no such day.
  public init?(year: Int, month: Int, day: Int? = nil) {
    guard (1990...2199).contains(year), (1...12).contains(month) else { return nil }
    if let day, !(1...Self.days(inMonth: month, of: year)).contains(day) { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// Reads `YYYY-MM-DD` or `YYYY-MM`.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, parts[0].utf8.count == 4,
      parts.dropFirst().allSatisfy({ $0.utf8.count == 2 }),
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1])
    else { return nil }
    self.init(year: year, month: month, day: parts.count == 3 ? Int(parts[2]) : nil)
  }

  /// The day that holds a time in nanoseconds since 1970.
  public init?(nanoseconds: Int64) {
    self.init(dayNumber: Int((nanoseconds / 1_000_000_000) / 86_400))
  }

  /// Days since 1970-01-01 of the first day the date can mean.
  public var firstDay: Int { Self.dayNumber(year: year, month: month, day: day ?? 1) }

  /// Days since 1970-01-01 of the last day the date can mean.
  public var lastDay: Int {
    Self.dayNumber(year: year, month: month, day: day ?? Self.days(inMonth: month, of: year))
  }

  /// Orders by the first day.
  public static func < (lhs: GeoIPTableDate, rhs: GeoIPTableDate) -> Bool {
    lhs.firstDay < rhs.firstDay
  }

  /// How many days lie between the table and a capture, and how much that matters.
  ///
  /// - Parameters:
  ///   - first: Time of the first packet in nanoseconds since 1970.
  ///   - last: Time of the last packet in nanoseconds since 1970.
  /// - Returns: The distance; 0 where the date lies within the capture.
  public func age(firstPacket first: Int64, lastPacket last: Int64) -> GeoIPTableAge {
    let firstPacketDay = Int((Double(min(first, last)) / 86_400e9).rounded(.down))
    let lastPacketDay = Int((Double(max(first, last)) / 86_400e9).rounded(.down))
    if lastDay < firstPacketDay { return GeoIPTableAge(daysAfterTable: firstPacketDay - lastDay) }
    if firstDay > lastPacketDay { return GeoIPTableAge(daysAfterTable: lastPacketDay - firstDay) }
    return GeoIPTableAge(daysAfterTable: 0)
  }

  init?(dayNumber: Int) {
    guard dayNumber >= 0 else { return nil }
    let day = CalendarDay(daysSince1970: Int64(dayNumber))
    self.init(year: Int(day.year), month: Int(day.month), day: Int(day.day))
  }

  /// Days since 1970-01-01.
  static func dayNumber(year: Int, month: Int, day: Int) -> Int {
    Int(CalendarDay(year: Int64(year), month: Int64(month), day: Int64(day)).daysSince1970)
  }

  static func days(inMonth month: Int, of year: Int) -> Int {
    Int(CalendarDay.days(inMonth: Int64(month), of: Int64(year)))
  }
}

extension GeoIPTableDate: CustomStringConvertible {
  /// `YYYY-MM-DD`, or `YYYY-MM` where the day is not known.
  public var description: String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(year)-\(two(month))" + (day.map { "-" + two($0) } ?? "")
  }
}

/// The distance between a table's date and a capture.
public struct GeoIPTableAge: Hashable, Sendable {
  /// Days from the table to the capture; negative where the table is younger than the capture.
  public let daysAfterTable: Int

  /// How much the distance matters.
  public enum Level: String, Sendable {
    /// Within ``warningDays``.
    case fresh
    /// Over ``warningDays``.
    case stale
    /// Over ``strongWarningDays``: in under four years 3.9 % of announced IPv4 changed country.
    case veryStale = "very_stale"
  }

  /// Days over which a table is reported as stale (geoip-formats.md section 1, vintage).
  public static let warningDays = 90
  /// Days over which a table is reported as very stale (geoip-formats.md section 1, vintage).
  public static let strongWarningDays = 365

  /// How much the distance matters.
  public var level: Level {
    switch abs(daysAfterTable) {
    case ...Self.warningDays: .fresh
    case ...Self.strongWarningDays: .stale
    default: .veryStale
    }
  }
}
