// SPDX-License-Identifier: Apache-2.0

import Attribution
import PacketDecoding
import Testing

/// Loads tables of text; the first is called `table.csv`.
func database(
  _ texts: String..., name: String = "table.csv", columns: [String] = [], badRowShare: Double = 0.01
) throws -> GeoIPDatabase {
  try GeoIPDatabase(
    loading: texts.map {
      GeoIPTableSource(content: .bytes(Array($0.utf8), name: name), columns: columns)
    },
    options: GeoIPLoadingOptions(badRowShare: badRowShare))
}

func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

extension GeoIPDatabase {
  /// `asn country` of an address, `-` for what is unknown, empty where no row holds it.
  func facts(_ text: String) throws -> String {
    guard let record = record(for: try address(text)) else { return "" }
    return "\(record.asn.map(String.init) ?? "-") \(record.country?.description ?? "-")"
  }
}
