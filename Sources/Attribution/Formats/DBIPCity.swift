// SPDX-License-Identifier: Apache-2.0

extension GeoIPLayout {
  /// DB-IP City Lite: `start,end,continent,country,region,city,latitude,longitude`, no header.
  static let dbipCity = GeoIPLayout(name: "dbip-city", title: "DB-IP City Lite CSV") { head in
    guard head.delimiter == UInt8(ascii: ","), head.header == nil, !head.isAllQuoted,
      head.columnCount == 8, head.startsWithRange, head.isCountry(2), head.isCountry(3)
    else { return nil }
    return GeoIPReading(
      columns: [.start, .end, .ignored, .country], countryBasis: .location)
  }
}
