// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct GeoLite2LocationsTests {
  @Test func isATableOfItsOwnWithoutCountryBasis() throws {
    let database = try database(GeoLite2CountryTests.locations)
    #expect(database.tables[0].layout == "geolite2-locations")
    #expect(database.tables[0].rows == 2)
    #expect(database.tables[0].countryBasis == nil)
  }
}
