// SPDX-License-Identifier: Apache-2.0

extension GeoIPLayout {
  /// sapics/ip-location-db and DB-IP Lite: `start,end,asn,organisation` or `start,end,country`,
  /// without header, addresses as text or as integers.
  static let ipLocationDB = GeoIPLayout(
    name: "ip-location-db", title: "ip-location-db or DB-IP Lite CSV"
  ) { head in
    guard head.delimiter == UInt8(ascii: ","), head.header == nil, !head.isAllQuoted,
      head.startsWithRange
    else { return nil }
    switch head.columnCount {
    case 3 where head.isCountry(2):
      return GeoIPReading(
        columns: [.start, .end, .country], countryBasis: ipLocationDBBasis(head.fileName))
    case 3 where head.column(2, is: GeoIPTableHead.isASN):
      return GeoIPReading(columns: [.start, .end, .asn])
    // Two letters in every row may be countries: then the file is ambiguous.
    case 4 where head.column(2, is: GeoIPTableHead.isASN) && !head.isCountry(3):
      return GeoIPReading(columns: [.start, .end, .asn, .name])
    default: return nil
    }
  }

  /// What the country means by the name of the set (sapics/ip-location-db README).
  static func ipLocationDBBasis(_ fileName: String) -> CountryBasis {
    let locations = ["dbip", "db-ip", "geolite2", "iplocate", "ip2location", "ipinfo"]
    if locations.contains(where: fileName.contains) { return .location }
    if fileName.contains("whois") || fileName.contains("geofeed") { return .registrant }
    if fileName.hasPrefix("asn-country") || fileName.hasPrefix("iptoasn") {
      return .autonomousSystem
    }
    return .unstated
  }
}
