// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct IPinfoTests {
  @Test func readsPrefixesAndBareAddresses() throws {
    let database = try database(
      "network,country,country_code,continent,continent_code,asn,as_name,as_domain\n"
        + "11.0.0.9,Italy,IT,Europe,EU,AS64500,Example,example.com\n"
        + "2a00::/64,Germany,DE,Europe,EU,,,\n11.0.0.0/24,France,FR,Europe,EU,AS7,x,x.com\n")
    #expect(database.tables[0].layout == "ipinfo")
    #expect(database.tables[0].countryBasis == .location)
    #expect(try database.facts("11.0.0.9") == "64500 IT")
    #expect(try database.facts("11.0.0.8") == "7 FR")
    #expect(try database.facts("2a00::9") == "- DE")
  }

  @Test func readsTheOlderEdition() throws {
    let database = try database(
      "start_ip,end_ip,country,country_name,continent,continent_name,asn,as_name,as_domain\n"
        + "11.0.0.0,11.0.0.255,IT,Italy,EU,Europe,AS64500,Example,example.com\n")
    #expect(try database.facts("11.0.0.9") == "64500 IT")
  }
}
