// SPDX-License-Identifier: Apache-2.0

/// A named set of countries with the day from which it holds.
public struct CountrySet: Hashable, Sendable {
  /// The name used in `--home`.
  public let name: String
  /// The day since which the membership has been as listed, `YYYY-MM-DD`.
  public let since: String
  /// The members in alphabetical order.
  public let members: [CountryCode]

  /// The European Union since the United Kingdom left: 27 members.
  public static let eu27 = CountrySet(
    name: "EU27", since: "2020-02-01",
    codes: "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")

  /// The European Economic Area: EU27 with Iceland, Liechtenstein and Norway.
  public static let eea = CountrySet(
    name: "EEA", since: "2020-02-01",
    codes:
      "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK")

  /// All named sets.
  public static let all: [CountrySet] = [.eu27, .eea]

  private init(name: String, since: String, codes: String) {
    self.name = name
    self.since = since
    members = codes.split(separator: " ").compactMap { CountryCode($0) }
  }
}
