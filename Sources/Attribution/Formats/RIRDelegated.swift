// SPDX-License-Identifier: Apache-2.0

extension GeoIPLayout {
  /// RIR statistics exchange format (delegated and delegated-extended):
  /// `registry|cc|type|start|value|date|status[|opaque-id]`.
  ///
  /// `value` is an address count for IPv4, not always a power of two, and a prefix length for
  /// IPv6. The first line is `version|registry|serial|records|startdate|enddate|UTCoffset`.
  static let rirDelegated = GeoIPLayout(
    name: "rir-delegated", title: "RIR delegated statistics"
  ) { head in
    let types = ["asn", "ipv4", "ipv6"]
    guard head.delimiter == UInt8(ascii: "|"),
      head.rows.count(where: { $0.count >= 6 && types.contains($0[2].lowercased()) }) * 2
        >= head.rows.count, !head.rows.isEmpty
    else { return nil }
    var date: GeoIPTableDate?
    if let version = head.rows.first, version.count >= 6, !types.contains(version[2].lowercased()) {
      date =
        GeoIPTableDateText.compact(version[5])
        ?? GeoIPTableDateText.compact(version[2])
    }
    return GeoIPReading(
      delimiter: head.delimiter, hasQuoting: false,
      columns: [.ignored, .country, .recordType, .start, .addressCount],
      countryBasis: .registrant, date: date)
  }
}
