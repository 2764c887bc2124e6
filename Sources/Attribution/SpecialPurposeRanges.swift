// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// A block that the IANA special-purpose registries (or an RFC) give a meaning of its own.
public struct SpecialPurposeRange: Hashable, Sendable {
  /// The block.
  public let prefix: AddressPrefix
  /// The registry's name.
  public let name: String
  /// The RFC that defines it.
  public let reference: String
  /// What kind of addresses these are.
  public let kind: Kind
  /// What the analyzer does with them.
  public let policy: Policy

  /// What kind of addresses a block holds.
  public enum Kind: String, Sendable, CaseIterable {
    /// RFC 1918, ULA and other private use.
    case `private`
    /// Shared space of carrier-grade NAT.
    case cgnat
    /// Loopback.
    case loopback
    /// Link-local.
    case linkLocal = "link-local"
    /// The unspecified address.
    case unspecified
    /// Reserved.
    case reserved
    /// Examples in documents.
    case documentation
    /// Benchmarks of network devices.
    case benchmarking
    /// Multicast.
    case multicast
    /// Limited broadcast.
    case broadcast
    /// A service reached by anycast.
    case anycastService = "anycast-service"
    /// Identifiers that are not routed (ORCHID, drone tags).
    case identifier
    /// A former use that ended.
    case deprecated
    /// IPv4 inside IPv6.
    case embedsIPv4 = "embeds-ipv4"
    /// Not allocated to anybody.
    case unallocated
  }

  /// What the analyzer does with the addresses of a block.
  public enum Policy: String, Sendable, CaseIterable {
    /// The inside.
    case home
    /// The access side of the home: never a foreign peer.
    case homeSide = "home-side"
    /// Listed without a verdict.
    case neverForeign = "never-foreign"
    /// Asked of the GeoIP table like any public address.
    case database
    /// Replaced by the IPv4 address in the low 32 bits.
    case unwrapLow32 = "unwrap-low32"
    /// Replaced by the IPv4 address in bits 16 to 47 (RFC 3056).
    case unwrap6to4 = "unwrap-6to4"
    /// Replaced by the client's IPv4 address (RFC 4380).
    case unwrapTeredo = "unwrap-teredo"
  }
}

/// The special-purpose address blocks, of which the longest prefix answers.
///
/// IANA IPv4 and IPv6 special-purpose registries (snapshot of 2026-07-18, IPv6 of 2025-10-09),
/// multicast (RFC 5771, RFC 4291) and the IPv6 space outside 2000::/3.
public struct SpecialPurposeRanges: Sendable {
  /// The embedded table, read on first use.
  public static let shared = SpecialPurposeRanges(table: specialPurposeRangesTable)

  /// The date of the registry snapshot behind the table.
  public static let snapshotDate = "2026-07-18"

  /// All blocks in the order of the table.
  public let ranges: [SpecialPurposeRange]
  private let policies: [SpecialPurposeRange.Policy]
  private let lookup: PrefixLookup

  init(table: StaticString) {
    var ranges: [SpecialPurposeRange] = []
    for row in EmbeddedTable.rows(of: table) {
      // IPAddress holds IPv4 as ::ffff:0:0/96: unwrapped by construction, no row may match it.
      guard row.count >= 9, row[0] != "::ffff:0:0/96", let prefix = AddressPrefix(row[0]),
        let kind = SpecialPurposeRange.Kind(rawValue: row[7]),
        let policy = SpecialPurposeRange.Policy(rawValue: row[8])
      else { continue }
      ranges.append(
        SpecialPurposeRange(
          prefix: prefix, name: row[2], reference: row[3], kind: kind, policy: policy))
    }
    self.ranges = ranges
    policies = ranges.map(\.policy)
    lookup = PrefixLookup(ranges.map(\.prefix))
  }

  /// The policy of the smallest block that holds an address.
  ///
  /// - Complexity: O(log n).
  func policy(of address: IPAddress) -> SpecialPurposeRange.Policy? {
    lookup.index(of: address).map { policies[$0] }
  }

  /// The smallest block that holds an address, or `nil` for ordinary unicast space.
  ///
  /// - Complexity: O(log n).
  public func range(of address: IPAddress) -> SpecialPurposeRange? {
    lookup.index(of: address).map { ranges[$0] }
  }
}

/// Finds the longest of a list of prefixes; of equal ones the first.
struct PrefixLookup: Sendable {
  private var v4 = RangeTable<UInt32>()
  private var v6 = RangeTable<UInt128>()

  init(_ prefixes: [AddressPrefix]) {
    for (index, prefix) in prefixes.enumerated() {
      let index = UInt32(truncatingIfNeeded: index)
      if let first = prefix.address.v4, let last = prefix.last.v4 {
        v4.append(first, last, facts: index, line: 0)
      } else {
        v6.append(UInt128(prefix.address), UInt128(prefix.last), facts: index, line: 0)
      }
    }
    v4.finish(onRepeat: { _, _ in }, onOverlap: { _ in })
    v6.finish(onRepeat: { _, _ in }, onOverlap: { _ in })
  }

  var isEmpty: Bool { v4.count == 0 && v6.count == 0 }

  func index(of address: IPAddress) -> Int? {
    if let bits = address.v4 { return v4.row(for: bits).map { Int(v4.facts[$0]) } }
    return v6.row(for: UInt128(address)).map { Int(v6.facts[$0]) }
  }
}
