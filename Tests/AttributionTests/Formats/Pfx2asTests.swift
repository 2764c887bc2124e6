// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct Pfx2asTests {
  @Test func readsOriginsOfOverlappingPrefixes() throws {
    let database = try database(
      "11.0.0.0\t8\t64500\n11.0.0.0\t24\t64501_64502\n11.0.1.0\t24\t64503,64504\n2a00::\t32\t7\n",
      name: "routeviews-rv2-20221029-1200.pfx2as")
    #expect(database.tables[0].layout == "pfx2as")
    #expect(database.tables[0].date?.description == "2022-10-29")
    #expect(try database.facts("11.9.0.1") == "64500 -")
    #expect(try database.facts("11.0.0.1") == "64501 -")
    #expect(database.record(for: try address("11.0.0.1"))?.flags == [.multiOrigin])
    #expect(try database.facts("11.0.1.1") == "64503 -")
    #expect(try database.facts("2a00::1") == "7 -")
  }
}
