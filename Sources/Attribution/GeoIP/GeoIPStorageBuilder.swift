// SPDX-License-Identifier: Apache-2.0

/// Joins parsed files to the tables of a database.
struct GeoIPStorageBuilder {
  private var tables: [GeoIPTableInfo] = []
  private var paths: [String] = []
  private var readings: [GeoIPReading] = []
  private var groups: [GeoIPRows] = []
  private var facts: [GeoIPFacts] = []
  private var names: [UInt8] = []
  private var places: [(key: UInt32, country: UInt16)] = []
  private var separate: [GeoIPSeparateRows] = []
  /// Whether more than one table is loaded, so that tables may compete.
  private let hasSeveralTables: Bool

  init(tableCount: Int) { hasSeveralTables = tableCount > 1 }

  mutating func add(_ result: consuming GeoIPTableParser.Result, source: GeoIPTableSource) {
    tables.append(result.info)
    paths.append(source.name)
    readings.append(result.reading)
    guard result.reading.content == .ranges else {
      places.append(contentsOf: result.places)
      return
    }
    let hasASN = result.reading.hasASN
    let hasCountry = result.reading.hasCountry
    let isOperatorCountry = hasCountry && result.info.countryBasis?.isOperator ?? false
    let offset = UInt32(facts.count)
    appendFacts(result.interner)
    let group =
      groups.firstIndex {
        $0.hasASN == hasASN && $0.hasCountry == hasCountry
          && $0.isOperatorCountry == isOperatorCountry
      } ?? groups.count
    if group == groups.count {
      groups.append(
        GeoIPRows(hasASN: hasASN, hasCountry: hasCountry, isOperatorCountry: isOperatorCountry))
    }
    if hasSeveralTables {
      var rows = GeoIPRows(
        hasASN: hasASN, hasCountry: hasCountry, isOperatorCountry: isOperatorCountry)
      rows.v4.append(contentsOf: result.v4, factsOffset: offset)
      rows.v6.append(contentsOf: result.v6, factsOffset: offset)
      separate.append(GeoIPSeparateRows(table: UInt16(tables.count - 1), rows: rows))
    }
    groups[group].v4.append(contentsOf: result.v4, factsOffset: offset)
    groups[group].v6.append(contentsOf: result.v6, factsOffset: offset)
  }

  mutating func finish() throws(GeoIPError) -> GeoIPStorage {
    try resolvePlaces()
    for index in groups.indices {
      // Taken out, because finishing writes to `facts` and `tables`.
      var group = groups[index]
      groups[index] = GeoIPRows(hasASN: false, hasCountry: false, isOperatorCountry: false)
      finish(&group.v4)
      finish(&group.v6)
      groups[index] = group
    }
    addCoverage()
    return GeoIPStorage(
      tables: tables, groups: groups, facts: facts, names: names, separate: competing())
  }

  /// The rows of tables that state what another table states too; the others are given up.
  private mutating func competing() -> [GeoIPSeparateRows] {
    let all = separate
    separate = []
    return all.indices.filter { index in
      all.indices.contains { $0 != index && Self.compete(all[index].rows, all[$0].rows) }
    }.map { index in
      var entry = all[index]
      entry.rows.v4.finish(onRepeat: { _, _ in }, onOverlap: { _ in })
      entry.rows.v6.finish(onRepeat: { _, _ in }, onOverlap: { _ in })
      return entry
    }
  }

  private static func compete(_ first: GeoIPRows, _ second: GeoIPRows) -> Bool {
    let stateTheSame =
      first.hasASN && second.hasASN || first.hasCountry && second.hasCountry
    let shareFamily =
      first.v4.count > 0 && second.v4.count > 0 || first.v6.count > 0 && second.v6.count > 0
    return stateTheSame && shareFamily
  }

  private mutating func appendFacts(_ interner: RecordInterner) {
    if facts.isEmpty {
      facts = interner.facts
      names = interner.names
      return
    }
    let offset = UInt32(truncatingIfNeeded: names.count)
    names.append(contentsOf: interner.names)
    for var entry in interner.facts {
      entry.nameOffset &+= offset
      facts.append(entry)
    }
  }

  /// Gives GeoLite2 rows their countries.
  private mutating func resolvePlaces() throws(GeoIPError) {
    for (index, reading) in readings.enumerated() where reading.columns.contains(.place) {
      guard reading.content == .ranges, places.isEmpty else { continue }
      throw GeoIPError(
        kind: .missingCompanion, file: paths[index], line: 1,
        reason: "the countries of these rows are in a Locations file that was not given",
        advice: "add --geoip GeoLite2-Country-Locations-en.csv (or -City-) of the same date")
    }
    guard !places.isEmpty else { return }
    // The first line with a key wins, as everywhere.
    let sorted = places.enumerated().sorted {
      ($0.element.key, $0.offset) < ($1.element.key, $1.offset)
    }.map(\.element)
    for index in facts.indices where facts[index].place != 0 {
      let key = facts[index].place
      var low = 0
      var high = sorted.count
      while low < high {
        let middle = (low + high) / 2
        if sorted[middle].key < key { low = middle + 1 } else { high = middle }
      }
      if low < sorted.count, sorted[low].key == key {
        facts[index].country = sorted[low].country
      } else {
        tables[Int(facts[index].table)].unresolvedPlaces += 1
      }
    }
  }

  private mutating func finish<Bound>(_ rows: inout RangeTable<Bound>) {
    var repeats: [(winner: Int, loser: Int)] = []
    var overlaps: [Int] = []
    rows.finish(onRepeat: { repeats.append(($0, $1)) }, onOverlap: { overlaps.append($0) })
    for row in overlaps { tables[Int(facts[Int(rows.facts[row])].table)].overlaps += 1 }
    for (winner, loser) in repeats {
      let first = facts[Int(rows.facts[winner])]
      let other = facts[Int(rows.facts[loser])]
      let table = Int(other.table)
      guard first.asn != other.asn || first.country != other.country else {
        tables[table].duplicates += 1
        continue
      }
      tables[table].conflicts += 1
      if tables[table].conflictLines.count < GeoIPLimits.badRowSamples {
        tables[table].conflictLines.append(rows.lines[loser])
      }
      guard first.asn != 0, other.asn != 0, first.asn != other.asn,
        first.flags & GeoIPFlags.multiOrigin.rawValue == 0
      else { continue }
      rows.replaceFacts(of: winner, by: UInt32(facts.count))
      var flagged = first
      flagged.flags |= GeoIPFlags.multiOrigin.rawValue
      facts.append(flagged)
    }
  }

  private mutating func addCoverage() {
    var v6 = [(all: UInt128, asn: UInt128, country: UInt128)](
      repeating: (0, 0, 0), count: tables.count)
    for group in groups {
      group.v4.forEachSegment { first, last, row in
        let entry = facts[Int(group.v4.facts[row])]
        let count = UInt64(last - first) + 1
        tables[Int(entry.table)].coverage.ipv4Addresses += count
        if entry.asn != 0 { tables[Int(entry.table)].coverage.ipv4WithASN += count }
        if entry.country != 0 { tables[Int(entry.table)].coverage.ipv4WithCountry += count }
      }
      group.v6.forEachSegment { first, last, row in
        let entry = facts[Int(group.v6.facts[row])]
        // The whole space has 2^128 addresses: one less, so that the sum fits.
        let count = (last - first).addingReportingOverflow(1)
        let size = count.overflow ? last - first : count.partialValue
        let table = Int(entry.table)
        v6[table].all &+= size
        if entry.asn != 0 { v6[table].asn &+= size }
        if entry.country != 0 { v6[table].country &+= size }
      }
    }
    for index in tables.indices {
      tables[index].coverage.ipv6Networks48 = UInt64(truncatingIfNeeded: v6[index].all >> 80)
      tables[index].coverage.ipv6Networks48WithASN = UInt64(
        truncatingIfNeeded: v6[index].asn >> 80)
      tables[index].coverage.ipv6Networks48WithCountry = UInt64(
        truncatingIfNeeded: v6[index].country >> 80)
    }
  }
}
