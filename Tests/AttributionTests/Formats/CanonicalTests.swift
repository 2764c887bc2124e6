// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct CanonicalTests {
  @Test func readsColumnsByName() throws {
    let database = try database(
      "country,as_name,asn,range_end,range_start\nIT,\"Example, S.p.A.\",AS64500,11.0.0.255,11.0.0.0\n"
    )
    #expect(database.tables[0].layout == "canonical")
    #expect(database.tables[0].countryBasis == .unstated)
    #expect(try database.facts("11.0.0.7") == "64500 IT")
    #expect(database.record(for: try address("11.0.0.7"))?.asName == "Example, S.p.A.")
    #expect(try database.facts("11.0.1.0") == "")
  }

  @Test func readsWithoutHeader() throws {
    let database = try database("11.0.0.0,11.0.0.255,64500,IT,Example\n")
    #expect(database.tables[0].layout == "canonical")
    #expect(try database.facts("11.0.0.255") == "64500 IT")
  }

  @Test func prefersTheCountryCodeToTheCountryName() throws {
    let database = try database("network,country,country_code\n11.0.0.0/24,Italy,IT\n")
    #expect(try database.facts("11.0.0.1") == "- IT")
    #expect(database.tables[0].unreadableCountries == 0)
  }

  @Test func readsFlagsOfLibloc() throws {
    let database = try database(
      "range_start,range_end,asn,country,as_name,flags\n11.0.0.0,11.0.0.255,1,IT,x,A3 XD\n")
    let record = try #require(database.record(for: try address("11.0.0.1")))
    #expect(record.flags == [.anycast, .hostile])
  }
}
