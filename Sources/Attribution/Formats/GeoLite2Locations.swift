// SPDX-License-Identifier: Apache-2.0

extension GeoIPLayout {
  /// MaxMind GeoLite2 Locations: the countries of the identifiers in the Blocks files.
  static let geoLite2Locations = GeoIPLayout(
    name: "geolite2-locations", title: "MaxMind GeoLite2 Locations CSV"
  ) { head in
    guard let header = head.header, head.delimiter == UInt8(ascii: ","),
      header.contains("geoname_id"), header.contains("country_iso_code"),
      !header.contains("network")
    else { return nil }
    return GeoIPReading(
      content: .places, hasHeader: true,
      columns: header.map { name in
        switch name {
        case "geoname_id": .place
        case "country_iso_code": .country
        default: .ignored
        }
      })
  }
}
