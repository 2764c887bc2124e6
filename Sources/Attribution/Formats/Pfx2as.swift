// SPDX-License-Identifier: Apache-2.0

extension GeoIPLayout {
  /// CAIDA RouteViews prefix-to-AS: `prefix TAB length TAB origins`; `_` joins several origins in
  /// descending frequency, `,` the members of an AS set.
  static let pfx2as = GeoIPLayout(name: "pfx2as", title: "CAIDA pfx2as") { head in
    guard head.delimiter == UInt8(ascii: "\t"), head.columnCount == 3,
      head.column(0, is: GeoIPTableHead.isAddress),
      head.column(1, is: { UInt8($0).map { $0 <= 128 } ?? false }),
      head.column(
        2,
        is: { cell in
          !cell.isEmpty
            && cell.utf8.allSatisfy { (48...57).contains($0) || "_,{}.".utf8.contains($0) }
        })
    else { return nil }
    return GeoIPReading(
      delimiter: head.delimiter, hasQuoting: false, columns: [.start, .prefixLength, .origins])
  }
}
