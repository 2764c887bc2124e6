// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct RIRDelegatedTests {
  @Test func readsCountsAndPrefixLengths() throws {
    let database = try database(
      "2|ripencc|20221029|4|19830705|20221028|+0200\nripencc|*|ipv4|*|2|summary\n"
        + "ripencc|IT|ipv4|11.0.0.0|768|20010101|allocated\n"
        + "ripencc||ipv4|11.0.3.0|256||available\n"
        + "ripencc|DE|ipv6|2a00::|29|20010101|allocated|opaque\n"
        + "ripencc|FR|asn|64500|1|20010101|allocated\n", name: "delegated-ripencc-extended-latest")
    #expect(database.tables[0].layout == "rir-delegated")
    #expect(database.tables[0].countryBasis == .registrant)
    #expect(database.tables[0].date?.description == "2022-10-28")
    #expect(database.tables[0].rows == 3)
    #expect(database.tables[0].skippedLines == 3)
    #expect(database.tables[0].badRows == 0)
    #expect(try database.facts("11.0.2.255") == "- IT")
    #expect(try database.facts("11.0.3.0") == "- -")
    #expect(try database.facts("2a00:7::1") == "- DE")
  }

  @Test func refusesACountOverTheEndOfTheSpace() throws {
    let database = try database(
      "ripencc|IT|ipv4|255.255.255.0|512|20010101|allocated\n"
        + "ripencc|IT|ipv4|11.0.0.0|256|20010101|allocated\n", badRowShare: 1)
    #expect(database.tables[0].badRowSamples.map(\.reason) == [.badCount])
  }
}
