// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import Attribution

@Suite struct AttributorTests {
  static let locations =
    "network,asn,country,as_name,flags\n11.0.0.0/24,64500,IT,home,\n11.0.1.0/24,64501,CN,far,\n"
    + "11.0.2.0/24,64502,,nowhere,\n11.0.3.0/24,64503,EU,region,\n11.0.4.0/24,64504,US,any,A3\n"
    + "11.0.5.0/24,64505,IT,watched,\n11.0.6.0/24,64506,QQ,x,\n11.0.7.0/24,13335,US,cdn,\n"
    + "11.0.8.0/24,64508,US,sat,A2\n203.0.113.0/24,64509,CN,doc,\n10.0.0.0/8,64510,RU,private,\n"
    + "198.0.0.0/8,64511,US,wide,\n2a00::/16,64501,CN,far,\n"

  private func attributor(
    home: [String] = ["IT"], _ change: (inout AttributionPolicy) -> Void = { _ in },
    table: String? = locations, captureTimes: ClosedRange<Int64>? = nil
  ) throws -> Attributor {
    var policy = AttributionPolicy()
    for code in home { try policy.addHome(code) }
    change(&policy)
    return Attributor(
      database: try table.map { try database($0) }, policy: policy, captureTimes: captureTimes)
  }

  private func judge(_ attributor: Attributor, _ text: String) throws -> String {
    let result = attributor.attribution(of: try address(text))
    return "\(result.scope.rawValue) \(result.rule.rawValue)"
  }

  @Test(arguments: [
    ("11.0.0.1", "home home-country"), ("11.0.1.1", "foreign foreign-country"),
    ("11.0.2.1", "unknown no-country"), ("11.0.3.1", "unknown region"),
    ("11.0.4.1", "unknown void-country"), ("11.0.6.1", "unknown unassigned-country"),
    ("11.0.7.1", "unknown void-country"), ("11.0.8.1", "unknown void-country"),
    ("12.0.0.1", "unknown not-in-table"), ("10.1.2.3", "inside inside-range"),
    ("100.64.0.1", "inside inside-range"), ("fe80::1", "inside inside-range"),
    ("fd00::1", "inside inside-range"), ("127.0.0.1", "inside inside-range"),
    ("224.0.0.1", "special special-range"), ("198.51.100.1", "special special-range"),
    ("203.0.113.5", "foreign foreign-country"), ("2a00::1", "foreign foreign-country"),
    ("64:ff9b:1::808:808", "unknown local-nat64"), ("64:ff9b::10.0.0.1", "inside inside-range"),
    ("64:ff9b::11.0.1.1", "foreign foreign-country"),
    ("2002:b00:101::1", "foreign foreign-country"), ("0.0.0.0", "special special-range"),
  ])
  func theOrderOfTheDecision(text: String, expected: String) throws {
    #expect(try judge(try attributor(), text) == expected)
  }

  @Test func withoutAHomeNothingIsForeign() throws {
    let attributor = try attributor(home: []) {
      $0.watchNets = [AddressPrefix("11.0.1.0/24")].compactMap(\.self)
      $0.watchASNs = [64505]
      $0.homeNets = [AddressPrefix("11.0.0.0/24")].compactMap(\.self)
      $0.unknownAs = .foreign
    }
    for octet in 1...9 {
      let result = attributor.attribution(of: try address("11.0.\(octet).1"))
      #expect(result.scope == .unknown)
      #expect(result.rule == .homeNotDeclared)
      #expect(result.reason == "home not declared")
    }
    #expect(try judge(attributor, "11.0.0.1") == "inside home-net")
    let watched = attributor.attribution(of: try address("11.0.1.1"))
    #expect(watched.listing?.isWatched == true)
    #expect(watched.record?.country?.description == "CN")
    #expect(attributor.attribution(of: try address("11.0.5.1")).listing == .watchedASN(64505))
    #expect(try judge(attributor, "10.0.0.1") == "inside inside-range")
  }

  @Test func listsAreAskedBeforeCountries() throws {
    let attributor = try attributor {
      $0.homeNets = [AddressPrefix("11.0.1.0/25")].compactMap(\.self)
      $0.allowNets = [AddressPrefix("11.0.1.0/24")].compactMap(\.self)
      $0.watchNets = [AddressPrefix("11.0.0.0/28")].compactMap(\.self)
      $0.homeASNs = [64502]
      $0.allowASNs = [64504]
      $0.watchASNs = [64505]
    }
    #expect(try judge(attributor, "11.0.1.1") == "inside home-net")
    #expect(try judge(attributor, "11.0.1.200") == "home allow-net")
    #expect(try judge(attributor, "11.0.0.1") == "foreign watch-net")
    #expect(try judge(attributor, "11.0.0.16") == "home home-country")
    #expect(try judge(attributor, "11.0.2.1") == "home home-asn")
    #expect(try judge(attributor, "11.0.4.1") == "home allow-asn")
    let watched = attributor.attribution(of: try address("11.0.5.1"))
    #expect(watched.scope == .foreign)
    #expect(watched.rule == .watchASN)
    #expect(watched.notes.contains(.foreignOperator))
    #expect(watched.reason == "watch-asn AS64505")
  }

  @Test func aListInsideASpecialRangeIsAskedFirst() throws {
    let attributor = try attributor {
      $0.homeNets = [AddressPrefix("198.51.100.0/24")].compactMap(\.self)
      $0.watchNets = [AddressPrefix("10.5.0.0/16"), AddressPrefix("0.0.0.0/1")].compactMap(\.self)
    }
    let documentation = attributor.attribution(of: try address("198.51.100.7"))
    #expect(documentation.scope == .inside)
    #expect(documentation.notes.contains(.listOverSpecialRange))
    #expect(try judge(attributor, "10.5.1.1") == "foreign watch-net")
    // A list that is wider than the private range does not take it over.
    #expect(try judge(attributor, "10.6.1.1") == "inside inside-range")
    #expect(try judge(attributor, "12.0.0.1") == "foreign watch-net")
  }

  @Test func documentationPrefixesAreHonouredWithANote() throws {
    let attributor = try attributor()
    let honoured = attributor.attribution(of: try address("203.0.113.9"))
    #expect(honoured.notes.contains(.documentationPrefixHonoured))
    #expect(honoured.record?.asn == 64509)
    // A row that merely runs over the prefix does not speak of it.
    #expect(try judge(attributor, "198.51.100.9") == "special special-range")
    #expect(try judge(try self.attributor(table: nil), "203.0.113.9") == "special special-range")
  }

  @Test func operatorsAloneAreEnough() throws {
    let attributor = try attributor(home: []) { $0.homeASNs = [64500] }
    #expect(try judge(attributor, "11.0.0.1") == "home home-asn")
    #expect(try judge(attributor, "11.0.2.1") == "foreign foreign-asn")
    #expect(try judge(attributor, "12.0.0.1") == "unknown not-in-table")
  }

  @Test func foreignByOperatorOrEither() throws {
    let tables = [
      GeoIPTableSource(
        content: .bytes(
          Array("11.0.0.0\t11.0.0.255\t1\tUS\tx\n11.0.1.0\t11.0.1.255\t2\tIT\tx\n".utf8),
          name: "ip2asn.tsv")),
      GeoIPTableSource(
        content: .bytes(
          Array("11.0.0.0,11.0.0.255,IT\n11.0.1.0,11.0.1.255,DE\n11.0.2.0,11.0.2.9,IT\n".utf8),
          name: "dbip.csv")),
    ]
    let database = try GeoIPDatabase(loading: tables)
    func rules(_ by: AttributionPolicy.ForeignBy, _ database: GeoIPDatabase) throws -> [String] {
      var policy = AttributionPolicy()
      try policy.addHome("IT")
      policy.foreignBy = by
      let attributor = Attributor(database: database, policy: policy)
      return try ["11.0.0.1", "11.0.1.1", "11.0.2.1"].map { try judge(attributor, $0) }
    }
    #expect(
      try rules(.location, database) == [
        "home home-country", "foreign foreign-country", "home home-country",
      ])
    #expect(
      try rules(.operator, database) == [
        "foreign foreign-operator-country", "home home-operator-country", "unknown no-country",
      ])
    #expect(
      try rules(.either, database) == [
        "foreign foreign-operator-country", "foreign foreign-country", "home home-country",
      ])
    // With iptoasn alone only the operator can be judged, and that is said.
    let operators = try GeoIPDatabase(loading: [tables[0]])
    #expect(try rules(.location, operators)[0] == "foreign foreign-operator-country")
    var policy = AttributionPolicy()
    try policy.addHome("IT")
    let result = Attributor(database: operators, policy: policy)
      .attribution(of: try address("11.0.0.1"))
    #expect(result.notes.contains(.operatorBasis))
  }

  @Test(arguments: [
    (AttributionPolicy.UnknownAs.report, "unknown"), (.foreign, "foreign"), (.home, "home"),
  ])
  func unknownAs(choice: AttributionPolicy.UnknownAs, scope: String) throws {
    let attributor = try attributor { $0.unknownAs = choice }
    let result = attributor.attribution(of: try address("12.0.0.1"))
    #expect(result.scope.rawValue == scope)
    #expect(result.notes.contains(.unknownAsApplied) == (choice != .report))
    #expect(result.rule == .notInTable)
  }

  @Test func namedSets() throws {
    let eu = try attributor(home: ["EU27"])
    #expect(try judge(eu, "11.0.3.1") == "home home-country")
    #expect(try judge(eu, "11.0.0.1") == "home home-country")
    #expect(eu.policy.homeCountries.count == 27)
    #expect(eu.policy.homeSets.map(\.since) == ["2020-02-01"])
    #expect(try attributor(home: ["eea"]).policy.homeCountries.count == 30)
    #expect(try attributor(home: ["uk"]).policy.homeCountries.map(\.description) == ["GB"])
    for bad in ["", "ITA", "QQ", "EU", "ZZ", "\u{1B}[31m"] {
      let error = #expect(throws: GeoIPError.self) { try attributor(home: [bad]) }
      #expect(error?.description.contains("\u{1B}") == false)
    }
  }

  @Test func staleTablesAreNoted() throws {
    let text = "# Generated: 2023-01-01\n" + Self.locations
    let day: Int64 = 86_400_000_000_000
    let start = Int64(GeoIPTableDate.dayNumber(year: 2023, month: 1, day: 1)) * day
    for (days, expected) in [
      (90, []), (91, [.staleTable]), (366, [.staleTable, .veryStaleTable]),
    ] as [(Int64, AddressAttribution.Notes)] {
      let time = start + days * day
      let result = try attributor(table: text, captureTimes: time...time)
        .attribution(of: try address("11.0.1.1"))
      #expect(result.notes.intersection([.staleTable, .veryStaleTable]) == expected)
    }
  }

  @Test func nat64PrefixOfThePolicy() throws {
    let attributor = try attributor { try? $0.addNAT64Prefix("64:ff9b:1::/96") }
    #expect(try judge(attributor, "64:ff9b:1::11.0.1.1") == "foreign foreign-country")
    var policy = AttributionPolicy()
    #expect(throws: GeoIPError.self) { try policy.addNAT64Prefix("64:ff9b::/97") }
  }

  @Test func teredoIsJudgedByItsClient() throws {
    // Client 11.0.1.1, its bits inverted: f4ff:fefe.
    let result = try attributor().attribution(
      of: try address("2001:0:4136:e378:8000:63bf:f4ff:fefe"))
    #expect(result.scope == .foreign)
    #expect(result.judgedAddress.description == "11.0.1.1")
    #expect(result.unwrapped?.server?.description == "65.54.227.120")
  }
}
