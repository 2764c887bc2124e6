// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// Offline tables from addresses to autonomous systems and countries.
///
///     let database = try GeoIPDatabase(loading: [.file("ip2asn-combined.tsv")])
///     if let address = IPAddress("8.8.8.8") { database.record(for: address)?.asn }  // 15169
///
/// Tables are read once and held as sorted arrays: about 16 bytes an IPv4 row and 40 an IPv6 row.
public struct GeoIPDatabase: Sendable {
  let storage: GeoIPStorage

  /// The loaded tables in the order given.
  public var tables: [GeoIPTableInfo] { storage.tables }

  /// Loads tables; AS and country may be in one file or in several, in any order.
  ///
  /// - Throws: ``GeoIPError`` naming the file, the line, the reason and what to do.
  /// - Complexity: O(n log n) in rows, O(n) where a file is sorted and its rows are disjoint.
  public init(
    loading sources: [GeoIPTableSource], options: GeoIPLoadingOptions = GeoIPLoadingOptions()
  ) throws(GeoIPError) {
    guard sources.count < Int(UInt16.max) else {
      throw GeoIPError(
        kind: .limit, file: "--geoip", line: nil, reason: "too many tables",
        advice: "give fewer than \(UInt16.max)")
    }
    var builder = GeoIPStorageBuilder(tableCount: sources.count)
    for (index, source) in sources.enumerated() {
      let loader = GeoIPTableLoader(source: source, table: UInt16(index), options: options)
      builder.add(try loader.result(), source: source)
    }
    storage = try builder.finish()
  }

  /// What the tables say about an address, or `nil` if no row holds it.
  ///
  /// The smallest range wins, of equal ones the first line. Special-purpose ranges are not looked
  /// at here; see ``Attributor``.
  ///
  /// - Complexity: O(log n), without allocation.
  public func record(for address: IPAddress) -> GeoIPRecord? { storage.record(for: address) }
}

/// Rows that state the same kinds of facts, of one or several files.
struct GeoIPRows: Sendable {
  var hasASN: Bool
  var hasCountry: Bool
  /// Whether the country is the operator's.
  var isOperatorCountry: Bool
  var v4 = RangeTable<UInt32>()
  var v6 = RangeTable<UInt128>()
}

/// The immutable tables, shared by all copies of a database and its records.
final class GeoIPStorage: Sendable {
  let tables: [GeoIPTableInfo]
  let groups: [GeoIPRows]
  let facts: [GeoIPFacts]
  let names: [UInt8]
  /// The rows of each table that competes with another, so that both answers can be shown.
  let separate: [GeoIPSeparateRows]

  init(
    tables: [GeoIPTableInfo], groups: [GeoIPRows], facts: [GeoIPFacts], names: [UInt8],
    separate: [GeoIPSeparateRows]
  ) {
    self.tables = tables
    self.groups = groups
    self.facts = facts
    self.names = names
    self.separate = separate
  }

  func name(of index: UInt32) -> String? {
    let facts = facts[Int(index)]
    guard facts.nameLength > 0 else { return nil }
    let start = Int(facts.nameOffset)
    return String(decoding: names[start..<(start + Int(facts.nameLength))], as: UTF8.self)
  }

  /// A matched row of one group.
  private struct Match {
    var facts: UInt32
    var line: UInt32
    var first: IPAddress
    var last: IPAddress
    var size: UInt128

    var range: (IPAddress, IPAddress) { (first, last) }
  }

  func record(for address: IPAddress) -> GeoIPRecord? {
    var asMatch: Match?
    var countryMatch: Match?
    var operatorMatch: Match?
    for index in groups.indices {
      guard let match = match(address, in: groups[index]) else { continue }
      if groups[index].hasASN, isBetter(match, than: asMatch) { asMatch = match }
      guard groups[index].hasCountry else { continue }
      if groups[index].isOperatorCountry {
        if isBetter(match, than: operatorMatch) { operatorMatch = match }
      } else if isBetter(match, than: countryMatch) {
        countryMatch = match
      }
    }
    if asMatch == nil, countryMatch == nil, operatorMatch == nil { return nil }
    var record = GeoIPRecord(flags: [], storage: self, asFacts: asMatch?.facts)
    if let asMatch {
      let found = facts[Int(asMatch.facts)]
      record.asn = found.asn == 0 ? nil : found.asn
      record.flags.formUnion(GeoIPFlags(rawValue: found.flags))
      record.asSource = source(asMatch, found)
    }
    if let operatorMatch {
      let found = facts[Int(operatorMatch.facts)]
      record.operatorCountry = country(found)
      record.flags.formUnion(GeoIPFlags(rawValue: found.flags))
      record.operatorSource = source(operatorMatch, found)
      record.country = record.operatorCountry
      record.countrySource = record.operatorSource
      record.countryBasis = tables[Int(found.table)].countryBasis
    }
    if let countryMatch {
      let found = facts[Int(countryMatch.facts)]
      record.flags.formUnion(GeoIPFlags(rawValue: found.flags))
      record.country = country(found)
      record.countrySource = source(countryMatch, found)
      record.countryBasis = tables[Int(found.table)].countryBasis
    }
    return record
  }

  /// The facts and the row that rows hold for an address.
  func row(
    for address: IPAddress, in rows: borrowing GeoIPRows
  ) -> (facts: UInt32, source: GeoIPRecord.Source)? {
    guard let match = match(address, in: rows) else { return nil }
    return (match.facts, source(match, facts[Int(match.facts)]))
  }

  private func country(_ facts: GeoIPFacts) -> CountryCode? {
    facts.country == 0 ? nil : CountryCode(rawValue: facts.country)
  }

  private func source(_ match: Match, _ facts: GeoIPFacts) -> GeoIPRecord.Source {
    .init(table: Int(facts.table), line: match.line, first: match.first, last: match.last)
  }

  /// Smaller ranges first; of equal ones the table that was given first.
  private func isBetter(_ match: Match, than other: Match?) -> Bool {
    guard let other else { return true }
    if match.size != other.size { return match.size < other.size }
    return facts[Int(match.facts)].table < facts[Int(other.facts)].table
  }

  private func match(_ address: IPAddress, in group: borrowing GeoIPRows) -> Match? {
    if let bits = address.v4 {
      guard let row = group.v4.row(for: bits) else { return nil }
      let first = group.v4.starts[row]
      let last = group.v4.ends[row]
      return Match(
        facts: group.v4.facts[row], line: group.v4.lines[row], first: IPAddress(v4: first),
        last: IPAddress(v4: last), size: UInt128(last - first))
    }
    guard let row = group.v6.row(for: UInt128(address)) else { return nil }
    let first = group.v6.starts[row]
    let last = group.v6.ends[row]
    return Match(
      facts: group.v6.facts[row], line: group.v6.lines[row], first: IPAddress(first),
      last: IPAddress(last), size: last - first)
  }
}

extension IPAddress {
  init(_ bits: UInt128) {
    self.init(
      high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
  }
}

extension UInt128 {
  init(_ address: IPAddress) { self = UInt128(address.high) << 64 | UInt128(address.low) }
}
