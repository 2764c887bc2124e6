// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// Decides where addresses are: special-purpose ranges, then lists, then the tables.
public struct Attributor: Sendable {
  /// The tables, or `nil` where none was given; then countries and operators are unknown.
  public let database: GeoIPDatabase?
  /// The policy.
  public let policy: AttributionPolicy

  // Here, because a global that is made on first use is asked each time whether it is there.
  private let specialRanges = SpecialPurposeRanges.shared
  private let lists: PrefixLookup
  private let listings: [(listing: AddressAttribution.Listing, prefix: AddressPrefix)]
  /// Notes on the age of each table, in the order of the database's tables.
  private let ageNotes: [AddressAttribution.Notes]
  /// Whether nothing but special-purpose ranges decides: no tables, no lists, no home.
  private let hasOnlyRanges: Bool
  private let hasLocationTable: Bool
  private let hasOperatorTable: Bool

  /// Makes an attributor.
  ///
  /// - Parameters:
  ///   - database: Tables, if there are any.
  ///   - policy: What is home.
  ///   - captureTimes: Times of the first and last packet in nanoseconds since 1970, against which
  ///     the age of the tables is judged.
  public init(
    database: GeoIPDatabase?, policy: AttributionPolicy, captureTimes: ClosedRange<Int64>? = nil
  ) {
    self.database = database
    self.policy = policy
    // Of equal prefixes the first wins: home, then watch, so that allowing hides nothing watched.
    listings =
      policy.homeNets.map { (.homeNet($0), $0) } + policy.watchNets.map { (.watchedNet($0), $0) }
      + policy.allowNets.map { (.allowedNet($0), $0) }
    lists = PrefixLookup(listings.map(\.prefix))
    hasOnlyRanges =
      database == nil && lists.isEmpty && policy.nat64Prefixes.isEmpty && !policy.isHomeDeclared
    let tables = database?.tables ?? []
    hasLocationTable = tables.contains { $0.countryBasis.map { !$0.isOperator } ?? false }
    hasOperatorTable = tables.contains { $0.countryBasis?.isOperator ?? false }
    ageNotes = tables.map { table in
      guard let times = captureTimes, let date = table.date else { return [] }
      switch date.age(firstPacket: times.lowerBound, lastPacket: times.upperBound).level {
      case .fresh: return []
      case .stale: return .staleTable
      case .veryStale: return [.staleTable, .veryStaleTable]
      }
    }
  }

  /// Where an address is, by which rule, with the rows behind it.
  ///
  /// - Complexity: O(log n) in the rows of the tables.
  public func attribution(of address: IPAddress) -> AddressAttribution {
    var result = AddressAttribution(address: address, scope: .unknown, rule: .notInTable)
    result.unwrapped = UnwrappedAddress(address, nat64Prefixes: policy.nat64Prefixes)
    // A list may name the outer address (a Teredo or 6to4 prefix) as well as the inner one.
    let judged = result.judgedAddress
    result.specialRange = specialRanges.range(of: judged)
    let listed = lists.isEmpty ? nil : lists.index(of: judged) ?? lists.index(of: address)
    if decideBySpecialRange(judged, listed: listed, &result) { return result }
    lookUp(judged, &result)
    if decideByNets(listed, &result) { return result }
    guard policy.isHomeDeclared else {
      noteListedASN(&result)
      result.scope = .unknown
      result.rule = .homeNotDeclared
      return result
    }
    if decideByASN(&result) { return result }
    decideByCountry(&result)
    noteListedASN(&result)
    if result.scope == .unknown { applyUnknownAs(&result) }
    return result
  }

  /// Only where an address is.
  ///
  /// Without tables, lists and a home, only special-purpose ranges decide: a tenth of the cost.
  ///
  /// - Complexity: as ``attribution(of:)``.
  package func scope(of address: IPAddress) -> AddressAttribution.Scope {
    guard hasOnlyRanges else { return attribution(of: address).scope }
    switch specialRanges.policy(of: address) {
    case nil, .database: return .unknown
    case .home: return .inside
    case .neverForeign: return .special
    case .homeSide where address.isIPv4: return .inside
    case .homeSide, .unwrapLow32, .unwrap6to4, .unwrapTeredo:
      return attribution(of: address).scope
    }
  }

  /// Returns whether the special-purpose range decides.
  private func decideBySpecialRange(
    _ judged: IPAddress, listed: Int?, _ result: inout AddressAttribution
  ) -> Bool {
    guard let range = result.specialRange else { return false }
    // A list whose prefix lies inside the range is asked first, for that prefix.
    if let listed, range.prefix.contains(listings[listed].prefix), range.policy != .database {
      result.notes.insert(.listOverSpecialRange)
      return false
    }
    switch range.policy {
    case .database: return false
    case .home:
      result.scope = .inside
      result.rule = .insideRange
      return true
    case .homeSide:
      guard judged.isIPv4 else {
        // 64:ff9b:1::/48: a translator for destinations that the address does not show.
        result.scope = .unknown
        result.rule = .localNAT64
        if policy.isHomeDeclared { applyUnknownAs(&result) }
        return true
      }
      result.scope = .inside
      result.rule = .insideRange
      return true
    case .neverForeign, .unwrapLow32, .unwrap6to4, .unwrapTeredo:
      if honoursDocumentation(judged, range, &result) { return false }
      result.scope = .special
      result.rule = .specialRange
      return true
    }
  }

  /// Documentation prefixes that a user's table may place (synthetic captures).
  private static let documentationPrefixes = [
    "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32",
  ].compactMap { AddressPrefix($0) }

  private func honoursDocumentation(
    _ judged: IPAddress, _ range: SpecialPurposeRange, _ result: inout AddressAttribution
  ) -> Bool {
    guard Self.documentationPrefixes.contains(range.prefix),
      let record = database?.record(for: judged), !record.isEmpty
    else { return false }
    // A row that merely runs over the prefix does not speak of it.
    let sources = [record.asSource, record.countrySource, record.operatorSource]
    let isMeant = sources.contains { source in
      guard let source else { return false }
      return range.prefix.contains(source.first) && range.prefix.contains(source.last)
    }
    guard isMeant else { return false }
    result.notes.insert(.documentationPrefixHonoured)
    return true
  }

  private func lookUp(_ judged: IPAddress, _ result: inout AddressAttribution) {
    guard let record = database?.record(for: judged) else { return }
    result.record = record
    let flags = record.flags
    if flags.contains(.anycast) { result.notes.insert(.anycast) }
    if flags.contains(.satellite) { result.notes.insert(.satellite) }
    if flags.contains(.anonymousProxy) || flags.contains(.tor) {
      result.notes.insert(.anonymousProxy)
    }
    if flags.contains(.hostile) { result.notes.insert(.hostileNetwork) }
    if flags.contains(.multiOrigin) { result.notes.insert(.multiOrigin) }
    if flags.contains(.registeredCountry) { result.notes.insert(.registeredCountry) }
    if flags.contains(.foldedCountry) { result.notes.insert(.foldedCountry) }
    if let asn = record.asn, ContentNetworks.shared.name(of: asn) != nil {
      result.notes.insert(.contentNetwork)
    }
    if record.country != nil, record.countryBasis == .unstated {
      result.notes.insert(.unstatedBasis)
    }
    noteAge(of: record.asSource, &result)
    noteAge(of: record.countrySource, &result)
    noteAge(of: record.operatorSource, &result)
  }

  private func noteAge(of source: GeoIPRecord.Source?, _ result: inout AddressAttribution) {
    guard let source, source.table < ageNotes.count else { return }
    result.notes.formUnion(ageNotes[source.table])
  }

  private func decideByNets(_ listed: Int?, _ result: inout AddressAttribution) -> Bool {
    guard let listed else { return false }
    result.listing = listings[listed].listing
    switch listings[listed].listing {
    case .homeNet:
      result.scope = .inside
      result.rule = .homeNet
    case .allowedNet:
      result.scope = .home
      result.rule = .allowNet
    case .watchedNet:
      // Without a home nothing is called foreign; the listing still says that it is watched.
      result.scope = policy.isHomeDeclared ? .foreign : .unknown
      result.rule = policy.isHomeDeclared ? .watchNet : .homeNotDeclared
    default: return false
    }
    return true
  }

  private func decideByASN(_ result: inout AddressAttribution) -> Bool {
    guard let asn = result.record?.asn else { return false }
    if policy.homeASNs.contains(asn) {
      result.listing = .homeASN(asn)
      result.scope = .home
      result.rule = .homeASN
      return true
    }
    if policy.watchASNs.contains(asn) {
      result.listing = .watchedASN(asn)
      // The list decides; that the address is in a home country is said beside it.
      if let country = result.record?.country, policy.isHome(country) {
        result.notes.insert(.foreignOperator)
      }
      result.scope = .foreign
      result.rule = .watchASN
      return true
    }
    if policy.allowASNs.contains(asn) {
      result.listing = .allowedASN(asn)
      result.scope = .home
      result.rule = .allowASN
      return true
    }
    return false
  }

  private func noteListedASN(_ result: inout AddressAttribution) {
    guard result.listing == nil, let asn = result.record?.asn else { return }
    if policy.watchASNs.contains(asn) { result.listing = .watchedASN(asn) }
  }

  private enum Judgement: Equatable {
    case home
    case foreign
    case undecided(AddressAttribution.Rule)
  }

  private func decideByCountry(_ result: inout AddressAttribution) {
    guard let database, !database.tables.isEmpty else {
      result.rule = .noTable
      return
    }
    guard let record = result.record else {
      result.rule = .notInTable
      return
    }
    guard !policy.homeCountries.isEmpty else {
      // Only operators are declared: any other known operator is foreign.
      result.scope = record.asn == nil ? .unknown : .foreign
      result.rule = record.asn == nil ? .notInTable : .foreignASN
      return
    }
    let location = judgeLocation(record, result.notes)
    let owner = judgeOperator(record)
    switch policy.foreignBy {
    case .location where hasLocationTable || !hasOperatorTable:
      set(location, isOperator: false, &result)
    case .location:
      result.notes.insert(.operatorBasis)
      set(owner, isOperator: true, &result)
    case .operator where hasOperatorTable:
      set(owner, isOperator: true, &result)
    case .operator:
      result.notes.insert(.locationBasis)
      set(location, isOperator: false, &result)
    case .either:
      if location == .foreign {
        set(location, isOperator: false, &result)
      } else if owner == .foreign || location != .home && owner == .home {
        set(owner, isOperator: true, &result)
      } else {
        set(location, isOperator: false, &result)
      }
    }
  }

  private func set(
    _ judgement: Judgement, isOperator: Bool, _ result: inout AddressAttribution
  ) {
    switch judgement {
    case .home:
      result.scope = .home
      result.rule = isOperator ? .homeOperatorCountry : .homeCountry
    case .foreign:
      result.scope = .foreign
      result.rule = isOperator ? .foreignOperatorCountry : .foreignCountry
    case .undecided(let rule):
      result.scope = .unknown
      result.rule = rule
    }
  }

  private func judgeLocation(
    _ record: GeoIPRecord, _ notes: AddressAttribution.Notes
  ) -> Judgement {
    guard let basis = record.countryBasis, !basis.isOperator else { return .undecided(.noCountry) }
    if !notes.isDisjoint(with: [.anycast, .satellite, .anonymousProxy, .contentNetwork]) {
      return .undecided(.voidCountry)
    }
    return judge(record.country)
  }

  private func judgeOperator(_ record: GeoIPRecord) -> Judgement {
    judge(record.operatorCountry)
  }

  private func judge(_ country: CountryCode?) -> Judgement {
    guard let country else { return .undecided(.noCountry) }
    if policy.isHome(country) { return .home }
    switch country.kind {
    case .country, .withdrawn: return .foreign
    case .region: return .undecided(.region)
    case .unassigned: return .undecided(.unassignedCountry)
    }
  }

  private func applyUnknownAs(_ result: inout AddressAttribution) {
    switch policy.unknownAs {
    case .report: return
    case .foreign: result.scope = .foreign
    case .home: result.scope = .home
    }
    result.notes.insert(.unknownAsApplied)
  }
}
