// SPDX-License-Identifier: Apache-2.0

extension GeoIPLayout {
  /// iptoasn.com: tab-separated `start end asn country description` (ip2asn-*), or
  /// `start end country` (ip2country-*), without header or quoting; gaps are written out.
  ///
  /// The country is that of the AS, as the web service's key `as_country_code` says.
  static let iptoasn = GeoIPLayout(name: "iptoasn", title: "iptoasn.com TSV") { head in
    guard head.delimiter == UInt8(ascii: "\t"), head.header == nil, head.startsWithRange else {
      return nil
    }
    if head.columnCount == 5, head.column(2, is: GeoIPTableHead.isASN), head.isCountry(3) {
      return GeoIPReading(
        delimiter: head.delimiter, hasQuoting: false,
        columns: [.start, .end, .asn, .country, .name], countryBasis: .autonomousSystem)
    }
    if head.columnCount == 3, head.isCountry(2) {
      return GeoIPReading(
        delimiter: head.delimiter, hasQuoting: false, columns: [.start, .end, .country],
        countryBasis: .autonomousSystem)
    }
    return nil
  }
}
