// SPDX-License-Identifier: Apache-2.0

/// How one maker writes a table, and how such a file is recognised by its content.
struct GeoIPLayout: Sendable {
  /// Stable name, shown with each table.
  let name: String
  /// What it is, for people.
  let title: String
  /// Says how to read a file that begins so, or `nil` if it is of another layout.
  let recognize: @Sendable (GeoIPTableHead) -> GeoIPReading?
}

/// What a column of a table holds.
enum GeoIPColumn: String, Sendable, CaseIterable {
  /// First address of the range, or a prefix with an empty end.
  case start
  /// Last address of the range, inclusive.
  case end
  /// A prefix, or a bare address.
  case network
  /// The length of the prefix whose address is in `start`.
  case prefixLength = "prefix_length"
  /// RIR files: an address count for IPv4, a prefix length for IPv6.
  case addressCount = "value"
  /// One AS number.
  case asn
  /// AS numbers, the most frequent first, joined by `_` or `,`.
  case origins
  /// Two letters or a marker of no country.
  case country
  /// Name of the AS.
  case name
  /// libloc's pseudo countries A1, A2, A3, XD, separated by blanks.
  case flags
  /// GeoLite2: key into the Locations file.
  case place = "geoname_id"
  /// GeoLite2: the same, of the registration; used where `place` is empty.
  case registeredPlace = "registered_geoname_id"
  /// `1` or `true` marks an anonymising proxy.
  case isAnonymousProxy = "is_anonymous_proxy"
  /// `1` or `true` marks a satellite provider.
  case isSatellite = "is_satellite_provider"
  /// `1` or `true` marks anycast.
  case isAnycast = "is_anycast"
  /// RIR files: `ipv4`, `ipv6`; rows of other types are left out.
  case recordType = "type"
  /// Not read.
  case ignored = "-"
}

/// How to read one file: the answer of a layout that recognised it.
struct GeoIPReading: Equatable, Sendable {
  /// What the rows are.
  enum Content: Equatable, Sendable {
    /// Address ranges.
    case ranges
    /// GeoLite2 Locations: keys and countries.
    case places
  }

  var content = Content.ranges
  var delimiter: UInt8 = UInt8(ascii: ",")
  /// Whether quotes have a meaning; never in TSV.
  var hasQuoting = true
  /// Whether the first record holds the names of the columns.
  var hasHeader = false
  var columns: [GeoIPColumn]
  /// What the country column states.
  var countryBasis: CountryBasis?
  /// A date the file states.
  var date: GeoIPTableDate?

  var hasASN: Bool { columns.contains(.asn) || columns.contains(.origins) }
  var hasCountry: Bool { columns.contains(.country) || columns.contains(.place) }

  /// Whether two readings give the same answers.
  func isEquivalent(to other: GeoIPReading) -> Bool {
    content == other.content && delimiter == other.delimiter && hasQuoting == other.hasQuoting
      && hasHeader == other.hasHeader && columns == other.columns
  }
}
