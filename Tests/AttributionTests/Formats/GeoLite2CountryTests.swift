// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct GeoLite2CountryTests {
  static let blocks =
    "network,geoname_id,registered_country_geoname_id,represented_country_geoname_id,"
    + "is_anonymous_proxy,is_satellite_provider,is_anycast\n"
    + "11.0.0.0/24,5,6,,0,0,\n11.0.1.0/24,,6,,0,1,1\n11.0.2.0/24,99,6,,1,0,0\n"
  static let locations =
    "geoname_id,locale_code,continent_code,continent_name,country_iso_code,country_name,"
    + "is_in_european_union\n5,en,EU,Europe,IT,Italy,1\n6,en,EU,Europe,DE,Germany,1\n"

  @Test func joinsLocationsInAnyOrder() throws {
    for database in [
      try database(Self.blocks, Self.locations), try database(Self.locations, Self.blocks),
    ] {
      #expect(try database.facts("11.0.0.1") == "- IT")
      let registered = try #require(database.record(for: try address("11.0.1.1")))
      #expect(registered.country?.description == "DE")
      #expect(registered.flags == [.registeredCountry, .satellite, .anycast])
      let unresolved = try #require(database.record(for: try address("11.0.2.1")))
      #expect(unresolved.country == nil)
      #expect(unresolved.flags == [.anonymousProxy])
      #expect(database.tables.map(\.unresolvedPlaces).max() == 1)
      #expect(registered.countryBasis == .location)
    }
  }

  @Test func asksForTheLocationsFile() throws {
    let error = #expect(throws: GeoIPError.self) { try database(Self.blocks) }
    #expect(error?.kind == .missingCompanion)
    #expect(error?.advice.contains("Locations") == true)
  }
}
