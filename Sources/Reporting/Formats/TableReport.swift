// SPDX-License-Identifier: Apache-2.0

public import Attribution

/// `lenstrace geoip check`: how good tables are.
public enum TableReport {
  /// Writes an array with one object a table.
  public static func writeJSON(_ tables: [GeoIPTableInfo], to sink: ReportSink) {
    var json = JSONWriter(sink)
    json.array(tables) { json, table in
      json.object { json in
        json.member("path", table.path)
        json.member("sha256", table.sha256)
        json.member("layout", table.layout)
        json.member("date", table.date?.description)
        json.member("date_basis", table.dateBasis?.rawValue)
        json.member("country_basis", table.countryBasis?.rawValue)
        json.member("names_operators", table.hasASN)
        json.member("rows", table.rows)
        json.member("bad_rows", table.badRows)
        json.member("bad_row_samples", table.badRowSamples) { json, row in
          json.object { json in
            json.member("line", row.line)
            json.member("reason", row.reason.rawValue)
          }
        }
        json.member("skipped_lines", table.skippedLines)
        json.member("duplicates", table.duplicates)
        json.member("conflicts", table.conflicts)
        json.member("conflict_lines", table.conflictLines) { $0.value($1) }
        json.member("overlaps", table.overlaps)
        json.member("unreadable_countries", table.unreadableCountries)
        json.member("folded_countries", table.foldedCountries)
        json.member("unresolved_places", table.unresolvedPlaces)
        json.key("coverage")
        json.object { json in
          json.member("ipv4_addresses", table.coverage.ipv4Addresses)
          json.member("ipv4_with_asn", table.coverage.ipv4WithASN)
          json.member("ipv4_with_country", table.coverage.ipv4WithCountry)
          json.member("ipv6_networks_48", table.coverage.ipv6Networks48)
          json.member("ipv6_networks_48_with_asn", table.coverage.ipv6Networks48WithASN)
          json.member("ipv6_networks_48_with_country", table.coverage.ipv6Networks48WithCountry)
        }
      }
    }
    json.end()
  }

  /// Writes what a person wants to know before trusting a table.
  public static func writeText(
    _ tables: [GeoIPTableInfo], style: TerminalStyle, to sink: ReportSink
  ) {
    for (index, table) in tables.enumerated() {
      if index > 0 { sink.write("\n") }
      for line in lines(of: table, style) {
        sink.write(line)
        sink.write("\n")
      }
    }
  }

  private static func lines(of table: GeoIPTableInfo, _ style: TerminalStyle) -> [String] {
    var lines = [style.bold(TerminalText.escaped(table.path))]
    func row(_ name: String, _ value: String) {
      lines += style.row(name, value, nameColumns: 16)
    }
    func count(_ name: String, _ number: Int, _ meaning: String) {
      if number > 0 { row(name, "\(DecimalText.grouped(UInt64(clamping: number))) \(meaning)") }
    }
    row("layout", table.layout)
    row(
      "date",
      table.date.map { "\($0) (\(table.dateBasis.map { "by the \($0.rawValue)" } ?? "stated"))" }
        ?? "not known; name it with --geoip-date")
    row("operators", table.hasASN ? "yes" : "no")
    row("country column", table.countryBasis.map(\.words) ?? "none")
    row("rows", DecimalText.grouped(UInt64(clamping: table.rows)))
    count("bad rows", table.badRows, "left out")
    for bad in table.badRowSamples { row("", "line \(bad.line): \(bad.reason.rawValue)") }
    count("skipped", table.skippedLines, "comments, empty lines and other records")
    count("duplicates", table.duplicates, "ranges given twice alike")
    count("conflicts", table.conflicts, "ranges given twice differently; the first wins")
    if !table.conflictLines.isEmpty {
      row("", "lines \(table.conflictLines.map { String($0) }.joined(separator: ", "))")
    }
    count("nested ranges", table.overlaps, "lie in or across others; the smallest wins")
    count("odd countries", table.unreadableCountries, "are not two letters")
    count("folded", table.foldedCountries, "country codes brought to ISO 3166-1")
    count("unresolved", table.unresolvedPlaces, "places not in the locations file")
    let coverage = table.coverage
    row(
      "IPv4 covered",
      "\(share(coverage.ipv4Addresses)), with AS \(share(coverage.ipv4WithASN)), "
        + "with country \(share(coverage.ipv4WithCountry)) of all addresses")
    row(
      "IPv6 covered",
      "\(DecimalText.grouped(coverage.ipv6Networks48)) networks of /48, with AS "
        + "\(DecimalText.grouped(coverage.ipv6Networks48WithASN)), with country "
        + DecimalText.grouped(coverage.ipv6Networks48WithCountry))
    row("sha256", table.sha256 ?? "not computed")
    return lines
  }

  private static func share(_ addresses: UInt64) -> String {
    let percent = Double(addresses) / 4_294_967_296 * 100
    return percent > 0 && percent < 0.01
      ? "under 0.01 %" : "\(DecimalText.rounded(percent, places: 2)) %"
  }
}

extension CountryBasis {
  /// What the country of a table means, in words.
  var words: String {
    switch self {
    case .location: "says where the host is believed to be"
    case .registrant: "says to whom the addresses were assigned"
    case .registry: "says what the registry has, corrected"
    case .autonomousSystem: "says whose network it is, wherever the host"
    case .unstated: "does not say what it means; taken for the place of the host"
    }
  }
}
