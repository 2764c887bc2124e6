// SPDX-License-Identifier: Apache-2.0

extension GeoIPLayout {
  /// IP2Location LITE: every field quoted, integers, no header.
  ///
  /// ASN: `from,to,cidr,asn,as`; DB1 to DB11: `from,to,country,country name,...`. The IPv6 files hold IPv4 as ::ffff:0:0/96.
  static let ip2Location = GeoIPLayout(
    name: "ip2location", title: "IP2Location LITE CSV"
  ) { head in
    guard head.delimiter == UInt8(ascii: ","), head.isAllQuoted, head.header == nil,
      head.startsWithIntegers
    else { return nil }
    let isASN =
      head.columnCount == 5
      && head.column(2) { GeoIPTableHead.isPrefix($0) || GeoIPTableHead.isAbsent($0) }
      && head.column(3, is: GeoIPTableHead.isASN)
    if isASN { return GeoIPReading(columns: [.start, .end, .ignored, .asn, .name]) }
    let hasCountry =
      head.columnCount >= 4
      && head.column(2) { GeoIPTableHead.isTwoLetters($0) || GeoIPTableHead.isAbsent($0) }
    guard hasCountry else { return nil }
    return GeoIPReading(columns: [.start, .end, .country], countryBasis: .location)
  }
}
