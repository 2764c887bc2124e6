// SPDX-License-Identifier: Apache-2.0

extension GeoIPLayout {
  /// MaxMind GeoLite2 Country or City Blocks, whose countries are in a Locations file.
  ///
  /// Where `geoname_id` is empty the country of the registration stands in, flagged as such
  /// (dev.maxmind.com).
  static let geoLite2Country = GeoIPLayout(
    name: "geolite2-country", title: "MaxMind GeoLite2 Country or City Blocks CSV"
  ) { head in
    guard let header = head.header, head.delimiter == UInt8(ascii: ","),
      header.contains("network"), header.contains("geoname_id")
    else { return nil }
    return GeoIPReading(
      hasHeader: true,
      columns: header.map { name in
        switch name {
        case "network": .network
        case "geoname_id": .place
        case "registered_country_geoname_id": .registeredPlace
        case "is_anonymous_proxy": .isAnonymousProxy
        case "is_satellite_provider": .isSatellite
        case "is_anycast": .isAnycast
        default: .ignored
        }
      },
      countryBasis: .location)
  }
}
