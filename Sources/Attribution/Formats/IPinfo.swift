// SPDX-License-Identifier: Apache-2.0

extension GeoIPLayout {
  /// IPinfo Lite (`network,country,country_code,continent,continent_code,asn,as_name,as_domain`)
  /// and the older country_asn (`start_ip,end_ip,country,country_name,...,asn,as_name,as_domain`).
  ///
  /// `network` may be a bare address; families are mixed and rows unsorted.
  static let ipinfo = GeoIPLayout(name: "ipinfo", title: "IPinfo Lite CSV") { head in
    guard let header = head.header, head.delimiter == UInt8(ascii: ","),
      header.contains("as_domain"),
      header.contains("network") || header.starts(with: ["start_ip", "end_ip"])
    else { return nil }
    let codeName = header.contains("country_code") ? "country_code" : "country"
    return GeoIPReading(
      hasHeader: true,
      columns: header.map { name in
        switch name {
        case "network": .network
        case "start_ip": .start
        case "end_ip": .end
        case codeName: .country
        case "asn": .asn
        case "as_name": .name
        default: .ignored
        }
      },
      countryBasis: .location)
  }
}
