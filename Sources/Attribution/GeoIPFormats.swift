// SPDX-License-Identifier: Apache-2.0

/// The layouts that are recognised, one file each in `Formats/`.
enum GeoIPFormats {
  static let all: [GeoIPLayout] = [
    .canonical,
    .iptoasn,
    // Before `ipLocationDB`: the same columns, told apart by tor's comment lines.
    .tor,
    .ipLocationDB,
    .dbipCity,
    .geoLite2ASN,
    .geoLite2Country,
    .geoLite2Locations,
    .ipinfo,
    .ip2Location,
    .pfx2as,
    .rirDelegated,
  ]

  /// The layout of a file and how to read it; `nil` where none fits, an error where several do.
  static func recognize(
    _ head: GeoIPTableHead, file: String
  ) throws(GeoIPError) -> (layout: GeoIPLayout, reading: GeoIPReading)? {
    var found: (layout: GeoIPLayout, reading: GeoIPReading)?
    for layout in all {
      guard let reading = layout.recognize(head) else { continue }
      guard let first = found else {
        found = (layout, reading)
        continue
      }
      guard first.reading.isEquivalent(to: reading) else {
        throw GeoIPError(
          kind: .ambiguousLayout, file: file, line: nil,
          reason: "the columns fit the layouts \(first.layout.name) and \(layout.name)",
          advice: "name the columns, for example --geoip-columns start,end,asn,country,name")
      }
    }
    return found
  }
}
