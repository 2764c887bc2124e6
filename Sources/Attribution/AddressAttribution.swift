// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// Where an address is by the policy, and why.
public struct AddressAttribution: Sendable {
  /// Where an address is.
  public enum Scope: String, Sendable, CaseIterable {
    /// In a home country or with a home operator, or allowed.
    case home
    /// Neither.
    case foreign
    /// Not decidable; never counted as one of the others silently.
    case unknown
    /// In the private network or a home net.
    case inside
    /// Not a public unicast address.
    case special
  }

  /// The rule that decided; the raw value is stable.
  public enum Rule: String, Sendable, CaseIterable {
    /// Private, link-local, loopback or shared address space.
    case insideRange = "inside-range"
    /// A special-purpose range.
    case specialRange = "special-range"
    /// `--home-net`.
    case homeNet = "home-net"
    /// `--allow-net`.
    case allowNet = "allow-net"
    /// `--watch-net`.
    case watchNet = "watch-net"
    /// `--home-asn`.
    case homeASN = "home-asn"
    /// `--allow-asn`.
    case allowASN = "allow-asn"
    /// `--watch-asn`.
    case watchASN = "watch-asn"
    /// Neither a home operator nor decided by a country.
    case foreignASN = "foreign-asn"
    /// The country of the location is home.
    case homeCountry = "home-country"
    /// The country of the location is not home.
    case foreignCountry = "foreign-country"
    /// The country of the operator is home.
    case homeOperatorCountry = "home-operator-country"
    /// The country of the operator is not home.
    case foreignOperatorCountry = "foreign-operator-country"
    /// No row holds the address.
    case notInTable = "not-in-table"
    /// No table was given.
    case noTable = "no-table"
    /// The row names no country.
    case noCountry = "no-country"
    /// The code is a region (EU, AP).
    case region
    /// The code is not assigned.
    case unassignedCountry = "unassigned-country"
    /// The country is void: anycast, satellite, proxy, Tor or a content network.
    case voidCountry = "void-country"
    /// The local NAT64 range hides the destination.
    case localNAT64 = "local-nat64"
    /// Nothing is foreign without a home.
    case homeNotDeclared = "home-not-declared"
  }

  /// Things to say beside the scope; they never change it silently.
  public struct Notes: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt32

    /// Makes a set of its bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A row for a documentation prefix in the user's table was honoured.
    public static let documentationPrefixHonoured = Notes(rawValue: 1)
    /// Announced from several places: the country is no destination.
    public static let anycast = Notes(rawValue: 2)
    /// A satellite provider.
    public static let satellite = Notes(rawValue: 4)
    /// An anonymising proxy, VPN or Tor exit.
    public static let anonymousProxy = Notes(rawValue: 8)
    /// A content network: its edges are near the viewer, whatever the country.
    public static let contentNetwork = Notes(rawValue: 16)
    /// The table names several operators; the first is shown.
    public static let multiOrigin = Notes(rawValue: 32)
    /// A table is over 90 days from the capture.
    public static let staleTable = Notes(rawValue: 64)
    /// A table is over 365 days from the capture.
    public static let veryStaleTable = Notes(rawValue: 128)
    /// At home, but with an operator of the watch list.
    public static let foreignOperator = Notes(rawValue: 256)
    /// Decided by the operator's country, because no table of locations was given.
    public static let operatorBasis = Notes(rawValue: 512)
    /// Decided by the location, because no table of operators' countries was given.
    public static let locationBasis = Notes(rawValue: 1024)
    /// A list of the policy was preferred to a special-purpose range.
    public static let listOverSpecialRange = Notes(rawValue: 2048)
    /// The country is that of the registration (GeoLite2).
    public static let registeredCountry = Notes(rawValue: 4096)
    /// `--unknown-as` decided.
    public static let unknownAsApplied = Notes(rawValue: 8192)
    /// The table's maker calls the network hostile.
    public static let hostileNetwork = Notes(rawValue: 16384)
    /// The table does not say what its country column means.
    public static let unstatedBasis = Notes(rawValue: 32768)
    /// The country code was folded to its ISO form.
    public static let foldedCountry = Notes(rawValue: 65536)

    /// Stable names of the notes, in order of their bits.
    public var names: [String] {
      let all: [(Notes, String)] = [
        (.documentationPrefixHonoured, "documentation-prefix-honoured"), (.anycast, "anycast"),
        (.satellite, "satellite"), (.anonymousProxy, "anonymous-proxy"),
        (.contentNetwork, "content-network"), (.multiOrigin, "multi-origin"),
        (.staleTable, "stale-table"), (.veryStaleTable, "very-stale-table"),
        (.foreignOperator, "foreign-operator"), (.operatorBasis, "operator-basis"),
        (.locationBasis, "location-basis"), (.listOverSpecialRange, "list-over-special-range"),
        (.registeredCountry, "registered-country"), (.unknownAsApplied, "unknown-as-applied"),
        (.hostileNetwork, "hostile-network"), (.unstatedBasis, "unstated-basis"),
        (.foldedCountry, "folded-country"),
      ]
      return all.filter { contains($0.0) }.map(\.1)
    }
  }

  /// How an explicit list of the policy speaks of the address.
  public enum Listing: Hashable, Sendable {
    /// In `allowNets`.
    case allowedNet(AddressPrefix)
    /// In `allowASNs`.
    case allowedASN(UInt32)
    /// In `watchNets`.
    case watchedNet(AddressPrefix)
    /// In `watchASNs`.
    case watchedASN(UInt32)
    /// In `homeNets`.
    case homeNet(AddressPrefix)
    /// In `homeASNs`.
    case homeASN(UInt32)

    /// Whether the user asked to be told of this destination.
    public var isWatched: Bool {
      switch self {
      case .watchedNet, .watchedASN: true
      default: false
      }
    }

    /// Whether the user allowed this destination.
    public var isAllowed: Bool {
      switch self {
      case .allowedNet, .allowedASN: true
      default: false
      }
    }
  }

  /// The address asked for.
  public let address: IPAddress
  /// The IPv4 address inside it that was judged instead.
  public internal(set) var unwrapped: UnwrappedAddress?
  /// Where it is.
  public internal(set) var scope: Scope
  /// The rule that decided.
  public internal(set) var rule: Rule
  /// What the tables say; also kept where a list or the missing home decided.
  public internal(set) var record: GeoIPRecord?
  /// The special-purpose range the (unwrapped) address lies in.
  public internal(set) var specialRange: SpecialPurposeRange?
  /// The entry of an explicit list.
  public internal(set) var listing: Listing?
  /// Things to say beside the scope.
  public internal(set) var notes: Notes = []

  /// The address that was judged: the one inside, if there is one.
  public var judgedAddress: IPAddress { unwrapped?.address ?? address }
}

extension AddressAttribution {
  /// The deciding rule in words, with the fact it used.
  public var reason: String {
    let country = record?.country.map(\.description) ?? "none"
    let asn = record?.asn.map { "AS\($0)" } ?? "no AS"
    switch rule {
    case .insideRange, .specialRange:
      return specialRange.map { "\($0.name) \($0.prefix) (\($0.reference))" } ?? rule.rawValue
    case .homeNet, .allowNet, .watchNet, .homeASN, .allowASN, .watchASN:
      switch listing {
      case .homeNet(let net), .allowedNet(let net), .watchedNet(let net):
        return "\(rule.rawValue) \(net)"
      case .homeASN(let asn), .allowedASN(let asn), .watchedASN(let asn):
        return "\(rule.rawValue) AS\(asn)"
      case nil: return rule.rawValue
      }
    case .foreignASN: return "\(asn) is no home operator"
    case .homeCountry: return "country \(country) is home"
    case .foreignCountry: return "country \(country) is not home"
    case .homeOperatorCountry:
      return "operator's country \(record?.operatorCountry?.description ?? country) is home"
    case .foreignOperatorCountry:
      return "operator's country \(record?.operatorCountry?.description ?? country) is not home"
    case .notInTable: return "no row of the GeoIP tables holds the address"
    case .noTable: return "no GeoIP table was given"
    case .noCountry: return "the table names no country"
    case .region: return "\(country) is a region and no country"
    case .unassignedCountry: return "\(country) is no assigned country code"
    case .voidCountry: return "country \(country) is void: \(voidReason)"
    case .localNAT64:
      return "local NAT64 range hides the destination; name its prefix with --nat64-prefix"
    case .homeNotDeclared: return "home not declared"
    }
  }

  private var voidReason: String {
    if notes.contains(.anycast) { return "anycast" }
    if notes.contains(.satellite) { return "satellite provider" }
    if notes.contains(.anonymousProxy) { return "anonymising proxy" }
    return "content network"
  }
}
