// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// What one table says about an address, where several tables state the same kind of fact.
public struct GeoIPTableAnswer: Sendable, Hashable {
  /// Index in ``GeoIPDatabase/tables``.
  public var table: Int
  /// The number of the autonomous system, or `nil` where the row names none.
  public var asn: UInt32?
  /// The country code as the table has it, or `nil` where it has none.
  public var country: CountryCode?
  /// The row.
  public var source: GeoIPRecord.Source

  /// `AS64496 IT`, as far as known.
  public var place: String {
    let parts = [asn.map { "AS\($0)" }, country?.description].compactMap { $0 }
    return parts.isEmpty ? "no place" : parts.joined(separator: " ")
  }
}

/// The rows of one table that states facts which another table states too.
struct GeoIPSeparateRows: Sendable {
  var table: UInt16
  var rows: GeoIPRows
}

extension GeoIPDatabase {
  /// What each table says about an address where tables compete, in the order of ``tables``.
  ///
  /// Empty where no two tables state the same kind of fact of one address family; then
  /// ``record(for:)`` is all there is.
  ///
  /// - Complexity: O(tables · log n).
  public func answers(for address: IPAddress) -> [GeoIPTableAnswer] {
    storage.separate.compactMap { separate in
      guard let (facts, source) = storage.row(for: address, in: separate.rows) else { return nil }
      let found = storage.facts[Int(facts)]
      return GeoIPTableAnswer(
        table: Int(separate.table), asn: found.asn == 0 ? nil : found.asn,
        country: found.country == 0 ? nil : CountryCode(rawValue: found.country), source: source)
    }
  }

  /// The answers of all tables about an address, if two of them name different systems or
  /// different countries; otherwise none.
  public func differingAnswers(for address: IPAddress) -> [GeoIPTableAnswer] {
    let answers = answers(for: address)
    let systems = Set(answers.compactMap(\.asn))
    let countries = Set(answers.compactMap(\.country?.rawValue))
    return systems.count > 1 || countries.count > 1 ? answers : []
  }

  /// Days between the dates of the oldest and the youngest of the tables that compete.
  public var daysBetweenTables: Int? {
    let dates = storage.separate.compactMap { tables[Int($0.table)].date }
    guard let first = dates.min(), let last = dates.max(), dates.count > 1 else { return nil }
    return max(0, last.firstDay - first.lastDay)
  }

  /// The tables that compete: indices in ``tables``.
  public var competingTables: [Int] { storage.separate.map { Int($0.table) } }
}
