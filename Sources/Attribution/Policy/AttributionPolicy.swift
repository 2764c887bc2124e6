// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// Which addresses, operators and countries are home, and what follows for the others.
public struct AttributionPolicy: Hashable, Sendable {
  /// Which of an address' countries decides.
  public enum ForeignBy: String, Sendable, CaseIterable {
    /// Where the host is.
    case location
    /// Whose network it is.
    case `operator`
    /// Foreign if one of the two is.
    case either
  }

  /// What an address becomes of which nothing is known.
  public enum UnknownAs: String, Sendable, CaseIterable {
    /// A section of its own in the report.
    case report
    /// Foreign.
    case foreign
    /// Home.
    case home
  }

  /// Home countries in alphabetical order, named sets resolved.
  public private(set) var homeCountries: [CountryCode] = []
  /// Named sets that were declared, for the report (name and date).
  public private(set) var homeSets: [CountrySet] = []
  /// The inside beyond private address space.
  public var homeNets: [AddressPrefix] = []
  /// Operators that are home.
  public var homeASNs: [UInt32] = []
  /// Destinations that are allowed whatever their country.
  public var allowNets: [AddressPrefix] = []
  /// Operators that are allowed whatever their country.
  public var allowASNs: [UInt32] = []
  /// Destinations to report whatever their country.
  public var watchNets: [AddressPrefix] = []
  /// Operators to report whatever the country of the address.
  public var watchASNs: [UInt32] = []
  /// Which country decides.
  public var foreignBy = ForeignBy.location
  /// What is unknown becomes.
  public var unknownAs = UnknownAs.report
  /// Network-specific NAT64 prefixes (RFC 6052), which cannot be guessed.
  public var nat64Prefixes: [AddressPrefix] = []

  /// A policy without a home: nothing is called foreign.
  public init() {}

  /// Whether a home territory or operator is declared, without which nothing is foreign.
  ///
  /// `homeNets` alone says what is inside, not what is abroad.
  public var isHomeDeclared: Bool { !homeCountries.isEmpty || !homeASNs.isEmpty }

  /// Replaces the home by country codes and named sets.
  ///
  /// - Throws: ``GeoIPError`` at the first text that is neither; the home is then unchanged.
  public mutating func setHome(_ texts: [String]) throws(GeoIPError) {
    var other = self
    other.homeCountries = []
    other.homeSets = []
    for text in texts { try other.addHome(text) }
    self = other
  }

  /// Adds a country code or a named set (`EU27`, `EEA`) to the home.
  ///
  /// - Throws: ``GeoIPError`` if the text is neither.
  public mutating func addHome(_ text: some StringProtocol) throws(GeoIPError) {
    let upper = text.uppercased()
    if let set = CountrySet.all.first(where: { $0.name == upper }) {
      if !homeSets.contains(set) { homeSets.append(set) }
      for code in set.members { insert(code) }
      return
    }
    guard let code = CountryCode(text), code.kind == .country || code.kind == .withdrawn else {
      throw GeoIPError(
        kind: .invalidOption, file: "--home", line: nil,
        reason: "\"\(GeoIPTableParser.printable(text))\" is no ISO 3166-1 country code",
        advice: "use two letters such as IT, or a set: "
          + CountrySet.all.map(\.name).joined(separator: ", "))
    }
    insert(code)
  }

  /// Adds a NAT64 prefix.
  ///
  /// - Throws: ``GeoIPError`` if its length is none of RFC 6052 section 2.2.
  public mutating func addNAT64Prefix(_ text: some StringProtocol) throws(GeoIPError) {
    guard let prefix = AddressPrefix(text), !prefix.address.isIPv4,
      UnwrappedAddress.nat64Lengths.contains(prefix.length)
    else {
      throw GeoIPError(
        kind: .invalidOption, file: "--nat64-prefix", line: nil,
        reason: "\"\(GeoIPTableParser.printable(text))\" is no NAT64 prefix",
        advice: "use an IPv6 prefix of 32, 40, 48, 56, 64 or 96 bits (RFC 6052)")
    }
    nat64Prefixes.append(prefix)
  }

  /// Whether a country is home; the region EU counts only where all of EU27 is home.
  public func isHome(_ country: CountryCode) -> Bool {
    if country.rawValue == CountryCode.bits("EU") {
      return CountrySet.eu27.members.allSatisfy(homeCountries.contains)
    }
    return homeCountries.contains(country)
  }

  private mutating func insert(_ code: CountryCode) {
    guard !homeCountries.contains(code) else { return }
    homeCountries.append(code)
    homeCountries.sort()
  }
}
