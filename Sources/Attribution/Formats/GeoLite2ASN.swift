// SPDX-License-Identifier: Apache-2.0

extension GeoIPLayout {
  /// MaxMind GeoLite2 ASN Blocks:
  /// `network,autonomous_system_number,autonomous_system_organization`.
  static let geoLite2ASN = GeoIPLayout(
    name: "geolite2-asn", title: "MaxMind GeoLite2 ASN CSV"
  ) { head in
    guard let header = head.header, head.delimiter == UInt8(ascii: ","),
      header.starts(with: ["network", "autonomous_system_number"]),
      !header.contains("geoname_id")
    else { return nil }
    return GeoIPReading(
      hasHeader: true,
      columns: header.map { name in
        switch name {
        case "network": .network
        case "autonomous_system_number": .asn
        case "autonomous_system_organization": .name
        default: .ignored
        }
      })
  }
}
