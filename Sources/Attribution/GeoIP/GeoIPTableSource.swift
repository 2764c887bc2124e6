// SPDX-License-Identifier: Apache-2.0

package import CaptureFile

/// A table to load and what the user says about it.
public struct GeoIPTableSource: Sendable {
  /// Where the bytes come from.
  public enum Content: Sendable {
    /// A path as the user gave it, opened read-only; gzip, zstd and lz4 are unpacked.
    case path(String)
    /// The whole content, with the name that stands for the file.
    case bytes([UInt8], name: String)
  }

  /// Where the bytes come from.
  public var content: Content
  /// Column names (`--geoip-columns`), or empty to recognise the layout by content.
  public var columns: [String]
  /// The date of the table (`--geoip-date`), or `nil` to find it.
  public var date: GeoIPTableDate?
  /// What the country column means, or `nil` to take it from the layout.
  public var countryBasis: CountryBasis?

  /// Makes a source.
  public init(
    content: Content, columns: [String] = [], date: GeoIPTableDate? = nil,
    countryBasis: CountryBasis? = nil
  ) {
    self.content = content
    self.columns = columns
    self.date = date
    self.countryBasis = countryBasis
  }

  /// A file, read as it is recognised.
  public static func file(_ path: String) -> GeoIPTableSource {
    GeoIPTableSource(content: .path(path))
  }

  /// The path as given, or the name of the bytes.
  public var name: String {
    switch content {
    case .path(let path): path
    case .bytes(_, let name): name
    }
  }
}

/// How strict the loading of tables is.
public struct GeoIPLoadingOptions: Sendable {
  /// Largest share of bad rows, 0...1, above which a table is refused.
  public var badRowShare: Double
  /// Ends the loading of a pipe that gives nothing; what was loaded is not whole then.
  package var stop: StopSignal?

  /// Makes options; the defaults are those of casework.
  public init(badRowShare: Double = GeoIPLimits.badRowShare) {
    self.badRowShare = badRowShare
  }
}
