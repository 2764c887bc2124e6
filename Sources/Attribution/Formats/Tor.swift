// SPDX-License-Identifier: Apache-2.0

extension GeoIPLayout {
  /// tor-geoipdb: `start,end,country` under a `#` header; IPv4 as integers, IPv6 as text.
  static let tor = GeoIPLayout(name: "tor-geoip", title: "tor geoip file") { head in
    guard head.delimiter == UInt8(ascii: ","), head.header == nil, !head.isAllQuoted,
      head.columnCount == 3, head.startsWithRange, head.isCountry(2),
      head.comments.contains(where: { $0.lowercased().contains("tor") })
    else { return nil }
    return GeoIPReading(columns: [.start, .end, .country], countryBasis: .registry)
  }
}
