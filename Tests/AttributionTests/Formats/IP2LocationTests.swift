// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct IP2LocationTests {
  @Test func readsASNumbers() throws {
    let database = try database(
      "\"184549376\",\"184549631\",\"11.0.0.0/24\",\"64500\",\"Example\"\r\n"
        + "\"184549632\",\"184549887\",\"11.0.1.0/24\",\"-\",\"-\"\r\n")
    #expect(database.tables[0].layout == "ip2location")
    #expect(try database.facts("11.0.0.1") == "64500 -")
    #expect(try database.facts("11.0.1.1") == "- -")
  }

  @Test func takesMappedAddressesAsIPv4() throws {
    let database = try database(
      "\"0\",\"281470681743359\",\"-\",\"-\"\r\n"
        + "\"281470866292736\",\"281470866292991\",\"IT\",\"Italy\"\r\n")
    #expect(try database.facts("11.0.0.255") == "- IT")
    #expect(try database.facts("11.0.1.0") == "")
    #expect(try database.facts("::5") == "- -")
  }

  @Test func readsWiderEditions() throws {
    let database = try database(
      "\"184549376\",\"184549631\",\"IT\",\"Italy\",\"Lazio\",\"Rome\",\"41.9\",\"12.5\"\r\n")
    #expect(try database.facts("11.0.0.1") == "- IT")
  }
}
