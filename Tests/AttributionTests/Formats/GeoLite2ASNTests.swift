// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct GeoLite2ASNTests {
  @Test func readsBlocks() throws {
    let database = try database(
      "network,autonomous_system_number,autonomous_system_organization\n"
        + "11.0.0.0/24,64500,\"Example \"\"A\"\", Inc.\"\n2a00::/32,7,x\n")
    #expect(database.tables[0].layout == "geolite2-asn")
    #expect(database.record(for: try address("11.0.0.9"))?.asName == "Example \"A\", Inc.")
    #expect(try database.facts("2a00:0:ffff::1") == "7 -")
  }
}
