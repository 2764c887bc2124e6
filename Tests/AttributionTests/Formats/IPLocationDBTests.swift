// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct IPLocationDBTests {
  @Test func readsASNumbers() throws {
    let database = try database(
      "11.0.0.0,11.0.0.255,64500,\"Example, Inc.\"\n2a00::,2a00::ff,7,x\n")
    #expect(database.tables[0].layout == "ip-location-db")
    #expect(database.tables[0].countryBasis == nil)
    #expect(try database.facts("11.0.0.1") == "64500 -")
    #expect(try database.facts("2a00::10") == "7 -")
  }

  @Test func readsIntegersOf128Bits() throws {
    let database = try database(
      "55827575822966466661959896531774472192,55827575822966466661959896531774472447,7,x\n")
    #expect(try database.facts("2a00::ff") == "7 -")
    #expect(try database.facts("2a00::100") == "")
  }

  @Test(arguments: [
    ("dbip-country-lite-2024-11.csv", CountryBasis.location),
    ("geo-whois-asn-country-ipv4.csv", .registrant), ("asn-country-ipv4.csv", .autonomousSystem),
    ("my-table.csv", .unstated),
  ])
  func takesTheBasisFromTheNameOfTheSet(name: String, basis: CountryBasis) throws {
    let database = try database("11.0.0.0,11.0.0.255,IT\n", name: name)
    #expect(database.tables[0].countryBasis == basis)
    #expect(try database.facts("11.0.0.1") == "- IT")
  }

  @Test func asksWhereTheFourthColumnMayBeACountry() throws {
    let error = #expect(throws: GeoIPError.self) {
      try database("11.0.0.0,11.0.0.255,64500,IT\n")
    }
    #expect(error?.kind == .ambiguousLayout)
    #expect(error?.advice.contains("--geoip-columns") == true)
    let declared = try database(
      "11.0.0.0,11.0.0.255,64500,IT\n", columns: ["start", "end", "asn", "country"])
    #expect(try declared.facts("11.0.0.1") == "64500 IT")
  }
}
