// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct TorTests {
  @Test func readsIntegersAndTextAndTheDate() throws {
    let header =
      "# converted using Tor's geoip-db-tool\n# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n"
    let database = try database(
      header + "184549376,184549631,IT\n184549632,184549887,??\n", header + "2a00::,2a00::ff,DE\n",
      name: "geoip")
    #expect(database.tables[0].layout == "tor-geoip")
    #expect(database.tables[0].countryBasis == .registry)
    #expect(database.tables[0].date?.description == "2026-06-25")
    #expect(database.tables[0].dateBasis == .header)
    #expect(database.tables[0].skippedLines == 2)
    #expect(try database.facts("11.0.0.1") == "- IT")
    #expect(try database.facts("11.0.1.1") == "- -")
    #expect(try database.facts("2a00::9") == "- DE")
  }
}
