// SPDX-License-Identifier: Apache-2.0

import Foundation
import PacketDecoding
import Testing

@testable import Attribution

private let table = ProcessInfo.processInfo.environment["LENSTRACE_GEO_TABLE"]
private let answers = ProcessInfo.processInfo.environment["LENSTRACE_GEO_ANSWERS"]

/// The table of 598,026 rows that `build-from-debian.sh` makes from libloc's database.
///
/// `LENSTRACE_GEO_TABLE` names it (`ip2asn-combined.csv`). `LENSTRACE_GEO_ANSWERS` names a file of
/// `address TAB asn TAB country` made with libloc itself, for example by its Python module:
/// `n = location.Database(path).lookup(address)`, then `n.asn` and `n.country_code`.
@Suite(.enabled(if: table != nil, "set LENSTRACE_GEO_TABLE to the built table"), .serialized)
struct FullTableTests {
  @Test func loadsInTimeAndIsWhole() throws {
    let clock = ContinuousClock()
    var loaded: GeoIPDatabase?
    let time = try clock.measure { loaded = try GeoIPDatabase(loading: [.file(#require(table))]) }
    let database = try #require(loaded)
    #expect(database.tables[0].rows == 598_026)
    #expect(database.tables[0].badRows == 0)
    #expect(database.tables[0].coverage.ipv4WithASN == 3_070_032_640)
    #if !DEBUG
    #expect(time < .seconds(1))
    var generator = RangeTableTests.Generator()
    let addresses = (0..<200_000).map { _ in
      IPAddress(v4: UInt32(generator.next(1 << 32)))
    }
    var found = 0
    let perLookUp = clock.measure {
      for address in addresses where database.record(for: address)?.asn != nil { found += 1 }
    }
    #expect(found > 100_000)
    #expect(perLookUp < .milliseconds(100))  // 0.5 microseconds each
    #else
    _ = time
    #endif
  }

  @Test(.enabled(if: answers != nil, "set LENSTRACE_GEO_ANSWERS to libloc's answers"))
  func answersAsLiblocDoes() throws {
    let database = try GeoIPDatabase(loading: [.file(#require(table))])
    let text = try String(contentsOfFile: try #require(answers), encoding: .utf8)
    var compared = 0
    var differences = 0
    for line in text.split(separator: "\n") {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard cells.count == 3, let address = IPAddress(cells[0]) else { continue }
      let record = database.record(for: address)
      compared += 1
      if record?.asn.map(String.init) ?? "" != cells[1]
        || record?.country?.description ?? "" != cells[2]
      {
        differences += 1
        if differences < 10 { Issue.record("\(line): \(record as Any)") }
      }
    }
    #expect(compared > 0)
    #expect(differences == 0)
  }
}
