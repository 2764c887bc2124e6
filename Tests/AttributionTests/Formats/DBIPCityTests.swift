// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct DBIPCityTests {
  @Test func takesTheCountryAfterTheContinent() throws {
    let database = try database("11.0.0.0,11.0.0.255,EU,IT,Lazio,Rome,41.9,12.5\n")
    #expect(database.tables[0].layout == "dbip-city")
    #expect(database.tables[0].countryBasis == .location)
    #expect(try database.facts("11.0.0.1") == "- IT")
  }
}
