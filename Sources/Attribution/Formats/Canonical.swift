// SPDX-License-Identifier: Apache-2.0

extension GeoIPLayout {
  /// CSV with a header line that names the columns, in any order, or without one in the order
  /// `range_start,range_end,asn,country,as_name`.
  static let canonical = GeoIPLayout(
    name: "canonical", title: "CSV with named columns"
  ) { head in
    if let header = head.header {
      // Vendors' files with their own meaning of `country` and `network`.
      guard !header.contains("as_domain"), !header.contains("geoname_id"),
        !header.starts(with: ["network", "autonomous_system_number"])
      else { return nil }
      return canonicalReading(header: header, delimiter: head.delimiter)
    }
    guard head.delimiter == UInt8(ascii: ","), !head.isAllQuoted, head.columnCount == 5,
      head.startsWithRange, head.column(2, is: GeoIPTableHead.isASN), head.isCountry(3)
    else { return nil }
    return GeoIPReading(
      columns: [.start, .end, .asn, .country, .name], countryBasis: .unstated)
  }

  /// Names that columns bear in tables people make themselves.
  private static let canonicalNames: [String: GeoIPColumn] = [
    "range_start": .start, "start": .start, "start_ip": .start, "ip_start": .start,
    "first": .start, "ip_from": .start, "first_ip": .start, "range_end": .end, "end": .end,
    "end_ip": .end, "ip_end": .end, "last": .end, "ip_to": .end, "last_ip": .end,
    "network": .network, "cidr": .network, "prefix": .network, "asn": .asn, "as": .asn,
    "as_number": .asn, "autonomous_system_number": .asn, "country": .country, "cc": .country,
    "country_code": .country, "country_iso_code": .country, "as_name": .name, "name": .name,
    "as_org": .name, "org": .name, "organization": .name, "organisation": .name,
    "description": .name, "as_description": .name, "autonomous_system_organization": .name,
    "flags": .flags, "is_anycast": .isAnycast, "is_satellite_provider": .isSatellite,
    "is_anonymous_proxy": .isAnonymousProxy,
  ]

  private static func canonicalReading(header: [String], delimiter: UInt8) -> GeoIPReading? {
    var columns: [GeoIPColumn] = []
    for name in header {
      let column = canonicalNames[name] ?? .ignored
      // `country,country_code`: the code is what is wanted, whatever comes first.
      if column == .country, let earlier = columns.firstIndex(of: .country) {
        guard name == "country_code" || name == "country_iso_code" else {
          columns.append(.ignored)
          continue
        }
        columns[earlier] = .ignored
      } else if column != .ignored, columns.contains(column) {
        columns.append(.ignored)
        continue
      }
      columns.append(column)
    }
    let hasRange = columns.contains(.start) && columns.contains(.end)
    guard hasRange || columns.contains(.network),
      columns.contains(.asn) || columns.contains(.country)
    else { return nil }
    if hasRange, let network = columns.firstIndex(of: .network) { columns[network] = .ignored }
    return GeoIPReading(
      delimiter: delimiter, hasQuoting: delimiter == UInt8(ascii: ","), hasHeader: true,
      columns: columns, countryBasis: columns.contains(.country) ? .unstated : nil)
  }
}
