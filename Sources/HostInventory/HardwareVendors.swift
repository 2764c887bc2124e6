// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// Makers of cameras and of what looks like cameras, by the prefix of the hardware address, and the
/// names of all other registrants.
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
    /// Something else, by the name of the registry: no mark.
    case other
  }

  /// Date of the registry the table was made of.
  package static let registryDate = "2022-08-27"

  /// The embedded table, read on first use.
  package static let shared = HardwareVendors(table: cameraOuisTable)

  /// Prefix and its length in one key.
  private let vendors: [UInt64: Vendor]
  /// A bit for each value of ``filterBit(_:)`` that a prefix has: most addresses are of no maker
  /// in the table, and asking a dictionary for three lengths costs more than all else.
  private let filter: [UInt64]

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
    self.init(vendors)
  }

  private init(_ vendors: [UInt64: Vendor]) {
    self.vendors = vendors
    var filter = [UInt64](repeating: 0, count: 1 << 10)
    for key in vendors.keys {
      let length = key & 0xFF
      let bit = Self.filterBit((key >> 8) << (48 - min(length, 48)))
      filter[bit >> 6] |= 1 << UInt64(bit & 63)
    }
    self.filter = filter
  }

  /// The first 24 bits of an address, which every prefix has, in 16.
  private static func filterBit(_ address: UInt64) -> Int {
    Int(truncatingIfNeeded: ((address >> 24) &* 0x9E37_79B9) >> 16 & 0xFFFF)
  }

  /// The embedded table with the rows of a newer list in its place.
  package init(newer registry: HardwareRegistry) {
    self.init(Self.shared.vendors.merging(registry.vendors) { $1 })
  }

  /// Number of prefixes of makers of cameras, and of those that a newer list names.
  package var count: Int { vendors.count }

  /// The maker of an address, of other things too (``HardwareRegistrants``); `nil` for unknown
  /// prefixes and for addresses that name no maker (locally administered, group).
  package func vendor(of address: MACAddress) -> Vendor? {
    guard !address.isLocallyAdministered, !address.isGroup, address.bits != 0 else { return nil }
    let bit = Self.filterBit(address.bits)
    let isNamedHere = filter[bit >> 6] >> UInt64(bit & 63) & 1 == 1
    for length in Self.lengths {
      let prefix = address.bits >> (48 - length)
      if isNamedHere, let vendor = vendors[prefix << 8 | length] { return vendor }
      if let name = HardwareRegistrants.shared.name(ofPrefix: prefix, length: length) {
        return Vendor(name: name, category: .other)
      }
    }
    return nil
  }
}
