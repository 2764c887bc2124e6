// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// What the tables say about one address; AS and country may come from two tables.
public struct GeoIPRecord: Sendable {
  /// The number of the autonomous system, or `nil` where the table knows none.
  public var asn: UInt32?
  /// The country code as the table has it, or `nil` where it has none.
  ///
  /// Two letters in upper case, regions such as EU included. Taken from a table of locations or registrations, else from one of
  /// operators.
  public var country: CountryCode?
  /// What `country` means.
  public var countryBasis: CountryBasis?
  /// The country of the AS, where a loaded table gives it.
  public var operatorCountry: CountryCode?
  /// Marks of the matched rows.
  public var flags: GeoIPFlags
  /// The row that names the AS (or says that there is none).
  public var asSource: Source?
  /// The row that names the country.
  public var countrySource: Source?
  /// The row that names the operator's country.
  public var operatorSource: Source?

  let storage: GeoIPStorage
  let asFacts: UInt32?

  /// The row of a table behind an answer.
  public struct Source: Hashable, Sendable {
    /// Index in ``GeoIPDatabase/tables``.
    public var table: Int
    /// The physical line on which the row starts, from 1; 0 where the table has no lines (MMDB).
    public var line: UInt32
    /// First address of the row's range.
    public var first: IPAddress
    /// Last address of the row's range.
    public var last: IPAddress

    /// The range as a prefix where it is one, else as `first-last`.
    public var range: String {
      let span = last.low &- first.low
      if first.isIPv4, last.isIPv4 {
        guard let length = Self.prefixLength(UInt128(first.low), UInt128(span), bits: 32) else {
          return "\(first)-\(last)"
        }
        return "\(first)/\(length)"
      }
      let start = UInt128(first.high) << 64 | UInt128(first.low)
      let end = UInt128(last.high) << 64 | UInt128(last.low)
      guard let length = Self.prefixLength(start, end &- start, bits: 128) else {
        return "\(first)-\(last)"
      }
      return "\(first)/\(length)"
    }

    private static func prefixLength(_ start: UInt128, _ span: UInt128, bits: Int) -> Int? {
      guard span & (span &+ 1) == 0, start & span == 0 else { return nil }
      return bits - span.nonzeroBitCount
    }
  }

  /// The name of the AS as the table has it: repaired to UTF-8 and cut at 256 bytes, but not
  /// cleaned of control characters; whoever writes it out escapes them.
  ///
  /// - Complexity: O(length); the only part of a record that allocates.
  public var asName: String? { asFacts.flatMap { storage.name(of: $0) } }

  /// The row that answers first: of the AS, else of the country.
  public var source: Source? { asSource ?? countrySource ?? operatorSource }

  /// Whether the tables name neither AS nor country.
  public var isEmpty: Bool { asn == nil && country == nil && operatorCountry == nil }
}
