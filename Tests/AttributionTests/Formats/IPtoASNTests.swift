// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct IPtoASNTests {
  @Test func readsTabsWithoutQuoting() throws {
    let database = try database(
      "11.0.0.0\t11.0.0.255\t64500\tIT\t\"Half, quoted\n11.0.1.0\t11.255.255.255\t0\tNone\tNot routed\n",
      name: "ip2asn-v4.tsv")
    #expect(database.tables[0].layout == "iptoasn")
    #expect(database.tables[0].countryBasis == .autonomousSystem)
    let record = try #require(database.record(for: try address("11.0.0.1")))
    #expect(record.asName == "\"Half, quoted")
    #expect(record.operatorCountry?.description == "IT")
    #expect(try database.facts("11.0.1.1") == "- -")
    #expect(database.record(for: try address("11.0.1.1"))?.asName == nil)
  }

  @Test func readsCountriesAlone() throws {
    let database = try database("11.0.0.0\t11.0.0.255\tIT\n", name: "ip2country-v4.tsv")
    #expect(database.tables[0].layout == "iptoasn")
    #expect(try database.facts("11.0.0.1") == "- IT")
  }

  @Test func readsIntegers() throws {
    let database = try database("184549376\t184549631\t64500\tIT\tx\n", name: "ip2asn-v4-u32.tsv")
    #expect(try database.facts("11.0.0.1") == "64500 IT")
  }
}
