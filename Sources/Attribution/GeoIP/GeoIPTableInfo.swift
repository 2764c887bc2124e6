// SPDX-License-Identifier: Apache-2.0

/// One loaded table: where its answers come from and how good it is.
public struct GeoIPTableInfo: Sendable {
  /// The base name of the file.
  public var path: String
  /// Lower-case hexadecimal SHA-256 of the file as it lies on disk, if it was computed.
  public var sha256: String?
  /// The name of the recognised layout, as in ``GeoIPFormats``.
  public var layout: String
  /// The day or month of the data.
  public var date: GeoIPTableDate?
  /// How the date is known.
  public var dateBasis: GeoIPTableDate.Basis?
  /// What the country column states, or `nil` where there is none.
  public var countryBasis: CountryBasis?
  /// Whether rows name an autonomous system.
  public var hasASN: Bool
  /// Accepted rows, duplicates included.
  public var rows: Int = 0
  /// Rows that could not be used.
  public var badRows: Int = 0
  /// The first ``GeoIPLimits/badRowSamples`` bad rows.
  public var badRowSamples: [BadRow] = []
  /// Comment lines, empty lines and, in RIR files, rows that are no addresses.
  public var skippedLines: Int = 0
  /// Rows with a range that an earlier row has and the same facts.
  public var duplicates: Int = 0
  /// Rows with a range that an earlier row has and other facts; the first wins.
  public var conflicts: Int = 0
  /// Lines of the first ``GeoIPLimits/badRowSamples`` conflicts.
  public var conflictLines: [UInt32] = []
  /// Rows whose range lies across or inside the range of another row.
  public var overlaps: Int = 0
  /// Rows with text in the country column that is not two letters.
  public var unreadableCountries: Int = 0
  /// Rows whose country is folded (UK to GB).
  public var foldedCountries: Int = 0
  /// Rows whose geoname identifier the Locations file does not have.
  public var unresolvedPlaces: Int = 0
  /// How much of the address space the table answers.
  public var coverage = Coverage()

  /// Makes what is known of a table before it is read.
  package init(path: String, layout: String, hasASN: Bool) {
    self.path = path
    self.layout = layout
    self.hasASN = hasASN
  }

  /// A row that could not be used.
  public struct BadRow: Hashable, Sendable {
    /// The physical line on which the row starts, from 1.
    public var line: UInt32
    /// Why it was left out.
    public var reason: BadRowReason
  }

  /// Address counts of the table's own rows, overlaps counted once.
  public struct Coverage: Hashable, Sendable {
    /// IPv4 addresses in any row.
    public var ipv4Addresses: UInt64 = 0
    /// IPv4 addresses with an AS.
    public var ipv4WithASN: UInt64 = 0
    /// IPv4 addresses with a country code.
    public var ipv4WithCountry: UInt64 = 0
    /// IPv6 space in any row, in /48 networks, rounded down.
    public var ipv6Networks48: UInt64 = 0
    /// IPv6 space with an AS, in /48 networks, rounded down.
    public var ipv6Networks48WithASN: UInt64 = 0
    /// IPv6 space with a country code, in /48 networks, rounded down.
    public var ipv6Networks48WithCountry: UInt64 = 0
  }
}

/// Why a row of a table was left out.
public enum BadRowReason: String, Sendable, CaseIterable {
  /// Fewer columns than an address range needs.
  case tooFewColumns = "too few columns"
  /// No address, prefix or integer where one must be, or one with leading zeros or a zone index.
  case badAddress = "not an address"
  /// A prefix length that does not fit the family, or host bits set.
  case badPrefix = "not a prefix"
  /// The range ends before it starts.
  case backwards = "end before start"
  /// Start and end are of different families.
  case mixedFamilies = "start and end of different families"
  /// The AS number does not fit 32 bits or is no number.
  case badASNumber = "not an AS number"
  /// A line over ``GeoIPLimits/lineLength`` bytes.
  case lineTooLong = "line too long"
  /// A quote that is not closed within ``GeoIPLimits/quotedLines`` lines.
  case unbalancedQuote = "quote not closed"
  /// An address count that runs over the end of the address space, or zero.
  case badCount = "bad address count"
  /// A MaxMind DB file whose search tree points nowhere.
  case badTree = "bad pointer in the search tree"
}

/// Bounds of the table reader; a table that meets one is hostile or broken.
public enum GeoIPLimits {
  /// Longest physical line in bytes (geoip-formats.md section 3).
  public static let lineLength = 65_536
  /// Most lines one quoted field may cross, so that a lone quote cannot eat the file.
  public static let quotedLines = 16
  /// Longest name kept, in bytes of UTF-8.
  public static let nameLength = 256
  /// Most rows of one table.
  public static let rows = 50_000_000
  /// Bad rows shown.
  public static let badRowSamples = 20
  /// Bytes looked at to recognise a layout; also bounds what a file without line ends costs.
  public static let headLength = 262_144
  /// Data rows looked at to recognise a layout.
  public static let headRows = 20
  /// Largest share of bad rows, above which the table is refused.
  public static let badRowShare = 0.01
}
