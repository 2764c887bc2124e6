// SPDX-License-Identifier: Apache-2.0

/// Autonomous systems that serve other parties' content from edges near the reader.
///
/// The country of such an address says where a registration is, not where the data went. Operators
/// that also rent out machines (Amazon, Google, G-Core) are left out on purpose: there the address
/// is a place, and hiding it would hide an upload.
public struct ContentNetworks: Sendable {
  /// The embedded table, read on first use.
  public static let shared = ContentNetworks(table: contentNetworksTable)

  private let asns: [UInt32]
  private let names: [String]

  init(table: StaticString) {
    var asns: [UInt32] = []
    var names: [String] = []
    for row in EmbeddedTable.rows(of: table) {
      guard row.count >= 2, let asn = UInt32(row[0]) else { continue }
      asns.append(asn)
      names.append(row[1])
    }
    self.asns = asns
    self.names = names
  }

  /// The name of the content network of an AS, or `nil` if it is none.
  public func name(of asn: UInt32) -> String? { asns.firstIndex(of: asn).map { names[$0] } }
}
