// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// Makers of cameras and of what looks like cameras, by the prefix of the hardware address.
///
/// From the IEEE registry of 2022-08 (Debian ieee-data 20220827.1): 39 % of today's Hikvision
/// prefixes are missing in it, so an unknown prefix proves nothing (camera-protocols.md C1).
package struct HardwareVendors: Sendable {
  /// What a prefix says.
  package struct Vendor: Sendable, Hashable {
    /// Maker in lower case.
    package var name: String
    /// What the registrant makes.
    package var category: Category
  }

  /// What the registrant of a prefix makes.
  package enum Category: String, Sendable {
    /// Mainly cameras and recorders.
    case camera
    /// Cameras among other things.
    case mixed
    /// Network modules for other makers: no identity.
    case module
    /// Something else, as a list of the IEEE names it: no mark.
    case other
  }

  /// Date of the registry the table was made of.
  package static let registryDate = "2022-08-27"

  /// The embedded table, read on first use.
  package static let shared = HardwareVendors(table: cameraOuisTable)

  /// Prefix and its length in one key.
  private var vendors: [UInt64: Vendor]

  /// Lengths in bits that the IEEE gives out: MA-S, MA-M, MA-L, the most specific first.
  private static let lengths: [UInt64] = [36, 28, 24]

  init(table: StaticString) {
    var vendors: [UInt64: Vendor] = [:]
    for row in VendorTable.rows(of: table) {
      guard row.count >= 3, let category = Category(rawValue: row[1]) else { continue }
      for prefix in row[2].split(separator: " ") {
        guard let bits = UInt64(prefix, radix: 16) else { continue }
        let length = UInt64(prefix.utf8.count * 4)
        vendors[bits << 8 | length] = Vendor(name: row[0], category: category)
      }
    }
    self.vendors = vendors
  }

  /// The embedded table with the rows of a newer list in its place.
  package init(newer registry: HardwareRegistry) {
    vendors = Self.shared.vendors.merging(registry.vendors) { $1 }
  }

  /// Number of prefixes.
  package var count: Int { vendors.count }

  /// The maker of an address; `nil` for unknown prefixes and for addresses that name no maker
  /// (locally administered, group).
  package func vendor(of address: MACAddress) -> Vendor? {
    guard !address.isLocallyAdministered, !address.isGroup else { return nil }
    for length in Self.lengths {
      if let vendor = vendors[(address.bits >> (48 - length)) << 8 | length] { return vendor }
    }
    return nil
  }
}
