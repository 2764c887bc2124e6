// SPDX-License-Identifier: Apache-2.0

/// Marks a table gives an address range beside its AS and country.
public struct GeoIPFlags: OptionSet, Hashable, Sendable {
  /// The bits; their meaning is given by the static members.
  public let rawValue: UInt16

  /// Makes a set of its bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Announced from several places: its country is no destination.
  public static let anycast = GeoIPFlags(rawValue: 1)
  /// A satellite provider: the country is the provider's choice.
  public static let satellite = GeoIPFlags(rawValue: 2)
  /// An anonymising proxy or VPN exit.
  public static let anonymousProxy = GeoIPFlags(rawValue: 4)
  /// The table's maker calls the network hostile (libloc `drop`, code XD).
  public static let hostile = GeoIPFlags(rawValue: 8)
  /// Tor exit (Cloudflare's code T1).
  public static let tor = GeoIPFlags(rawValue: 16)
  /// The table gives the same range to several autonomous systems; the first is shown.
  public static let multiOrigin = GeoIPFlags(rawValue: 32)
  /// No location was given; the country is where the block is registered (GeoLite2).
  public static let registeredCountry = GeoIPFlags(rawValue: 64)
  /// The code was folded to its ISO 3166-1 form (UK to GB, EL to GR, FX to FR).
  public static let foldedCountry = GeoIPFlags(rawValue: 128)

  /// Flags under which a country says nothing about where the data went.
  public static let voidingCountry: GeoIPFlags = [.anycast, .satellite, .anonymousProxy, .tor]

  /// The names of the flags, in order of their bits.
  public var names: [String] {
    let all: [(GeoIPFlags, String)] = [
      (.anycast, "anycast"), (.satellite, "satellite"), (.anonymousProxy, "anonymous_proxy"),
      (.hostile, "hostile"), (.tor, "tor"), (.multiOrigin, "multi_origin"),
      (.registeredCountry, "registered_country"), (.foldedCountry, "folded_country"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }

  /// The flag a pseudo country code stands for (libloc export and MaxMind legacy codes).
  static func pseudoCountry(_ code: UInt16) -> GeoIPFlags? {
    switch code {
    case CountryCode.bits("A1"): .anonymousProxy
    case CountryCode.bits("A2"): .satellite
    case CountryCode.bits("A3"): .anycast
    case CountryCode.bits("XD"): .hostile
    case CountryCode.bits("T1"): .tor
    default: nil
    }
  }
}
