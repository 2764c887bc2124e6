// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Leaves tables of every layout, a MaxMind DB file and the sample policy as seeds for the fuzz
/// targets.
@Suite(.enabled(if: SeedFolder.isWanted, "set LENSTRACE_FUZZ_SEEDS to a folder"))
struct FuzzSeedTests {
  private static let tables = [
    "range_start,range_end,asn,country,as_name\n11.0.0.0,11.0.0.255,64500,IT,\"a \"\"b\"\", c\"\n",
    "\u{FEFF}start,end,asn,country,name\r\n# c\r\n2a00::,2a00::ff,AS1,DE,x\r\n",
    "11.0.0.0\t11.0.0.255\t64500\tUS\tExample\n11.0.1.0\t11.0.1.255\t0\tNone\tNot routed\n",
    "11.0.0.0,11.0.0.255,64500,\"Example, S.p.A.\"\n", "11.0.0.0,11.0.0.255,IT\n",
    "184549376,184549631,IT\n184549632,184549887,??\n",
    "network,autonomous_system_number,autonomous_system_organization\n11.0.0.0/24,64500,Example\n",
    "network,geoname_id,registered_country_geoname_id,represented_country_geoname_id,"
      + "is_anonymous_proxy,is_satellite_provider\n11.0.0.0/24,3175395,3175395,,0,0\n",
    "geoname_id,locale_code,continent_code,continent_name,country_iso_code,country_name,"
      + "is_in_european_union\n3175395,en,EU,Europe,IT,Italy,1\n",
    "network,country,country_code,continent,continent_code,asn,as_name,as_domain\n"
      + "11.0.0.0/24,Italy,IT,Europe,EU,AS64500,Example,example.com\n11.0.1.7,,,,,,,\n",
    "\"184549376\",\"184549631\",\"11.0.0.0/24\",\"64500\",\"Example\"\r\n",
    "\"184549376\",\"184549631\",\"IT\",\"Italy\"\r\n",
    "11.0.0.0\t24\t64500_64501,64502\n2a00::\t29\t64500\n",
    "2|ripencc|20221029|4|19830705|20221028|+0200\nripencc|*|ipv4|*|2|summary\n"
      + "ripencc|IT|ipv4|11.0.0.0|768|20010101|allocated\n"
      + "ripencc|DE|ipv6|2a00::|29|20010101|allocated|opaque\n",
    "# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n2a00::,2a00::ff,DE\n",
  ]

  @Test func seeds() throws {
    for table in Self.tables { #expect(try SeedFolder.add(Array(table.utf8), for: "geoip")) }
    for recordSize in [24, 28, 32] {
      #expect(
        try SeedFolder.add(MaxMindDatabaseTests.file(recordSize: recordSize).bytes(), for: "mmdb"))
    }
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Samples/Policy")
    for file in try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    {
      #expect(try SeedFolder.add([UInt8](try Data(contentsOf: file)), for: "policy"))
    }
  }
}
