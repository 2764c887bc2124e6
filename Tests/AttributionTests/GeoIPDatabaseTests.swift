// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import Attribution

@Suite struct GeoIPDatabaseTests {
  @Test func joinsAnASTableAndACountryTable() throws {
    let database = try GeoIPDatabase(loading: [
      .init(content: .bytes(Array("11.0.0.0,11.0.0.255,64500,Example\n".utf8), name: "asn.csv")),
      .init(
        content: .bytes(Array("11.0.0.128,11.0.1.255,IT\n".utf8), name: "dbip-country.csv")),
    ])
    let record = try #require(database.record(for: try address("11.0.0.200")))
    #expect(record.asn == 64500)
    #expect(record.country?.description == "IT")
    #expect(record.countryBasis == .location)
    #expect(record.asSource?.table == 0)
    #expect(record.countrySource?.table == 1)
    #expect(record.asSource?.range == "11.0.0.0/24")
    #expect(record.countrySource?.range == "11.0.0.128-11.0.1.255")
    #expect(try database.facts("11.0.0.1") == "64500 -")
    #expect(try database.facts("11.0.1.1") == "- IT")
    #expect(try database.facts("11.0.2.1") == "")
  }

  @Test func locationIsPreferredToTheCountryOfTheAS() throws {
    let database = try GeoIPDatabase(loading: [
      .init(
        content: .bytes(Array("11.0.0.0\t11.0.0.15\t64500\tUS\tx\n".utf8), name: "ip2asn.tsv")),
      .init(
        content: .bytes(Array("11.0.0.0,11.0.0.255,DE\n".utf8), name: "dbip-country.csv")),
    ])
    let record = try #require(database.record(for: try address("11.0.0.1")))
    #expect(record.country?.description == "DE")
    #expect(record.operatorCountry?.description == "US")
    #expect(record.countryBasis == .location)
    let other = try GeoIPDatabase(loading: [
      .init(content: .bytes(Array("11.0.0.0\t11.0.0.15\t64500\tUS\tx\n".utf8), name: "t.tsv"))
    ])
    #expect(other.record(for: try address("11.0.0.1"))?.countryBasis == .autonomousSystem)
    #expect(try other.facts("11.0.0.1") == "64500 US")
  }

  @Test func countsConflictsAndMarksSeveralOrigins() throws {
    let database = try database(
      "start,end,asn,country\n11.0.0.0,11.0.0.255,1,IT\n11.0.0.0,11.0.0.255,2,IT\n"
        + "11.0.0.0,11.0.0.255,1,IT\n11.0.0.0,11.0.0.127,3,DE\n")
    #expect(try database.facts("11.0.0.200") == "1 IT")
    #expect(try database.facts("11.0.0.1") == "3 DE")
    #expect(database.record(for: try address("11.0.0.200"))?.flags == [.multiOrigin])
    #expect(database.record(for: try address("11.0.0.1"))?.flags == [])
    let info = database.tables[0]
    #expect(info.conflicts == 1)
    #expect(info.conflictLines == [3])
    #expect(info.duplicates == 1)
    #expect(info.overlaps == 1)
    #expect(info.rows == 4)
  }

  @Test func orderOfLinesDoesNotChangeAnswers() throws {
    let rows = [
      "10.0.0.0,10.255.255.255,1,IT", "10.1.0.0,10.1.255.255,2,DE", "10.1.1.0,10.1.1.255,3,FR",
      "0.0.0.0,255.255.255.255,0,", "2a00::,2a00::ffff,4,IT", "2a00::10,2a00::1f,5,DE",
    ]
    let addresses = [
      "10.1.1.1", "10.1.2.1", "10.2.0.0", "9.9.9.9", "2a00::11", "2a00::20", "2a01::",
    ]
    let expected = ["3 FR", "2 DE", "1 IT", "- -", "5 DE", "4 IT", ""]
    for shift in rows.indices {
      for reversed in [false, true] {
        var shifted = Array(rows[shift...] + rows[..<shift])
        if reversed { shifted.reverse() }
        let database = try database(
          "start,end,asn,country\n" + shifted.joined(separator: "\n") + "\n")
        #expect(try addresses.map { try database.facts($0) } == expected)
      }
    }
  }

  @Test func severalFilesOfOneKindAreOneTable() throws {
    let database = try database(
      "12.0.0.0,12.0.0.255,64500,b\n", "11.0.0.0,11.0.0.255,64501,a\n12.0.0.0,12.0.0.127,7,c\n",
      name: "asn.csv")
    #expect(try database.facts("11.0.0.1") == "64501 -")
    #expect(try database.facts("12.0.0.1") == "7 -")
    #expect(try database.facts("12.0.0.200") == "64500 -")
    #expect(database.record(for: try address("12.0.0.1"))?.asSource?.table == 1)
    #expect(database.record(for: try address("12.0.0.1"))?.asName == "c")
    #expect(database.record(for: try address("12.0.0.200"))?.asSource?.table == 0)
  }

  @Test func coverageIsCountedOnce() throws {
    let database = try database(
      "start,end,asn,country\n11.0.0.0,11.0.0.255,1,IT\n11.0.0.0,11.0.0.127,0,\n"
        + "2a00::,2a00:0:0:ffff:ffff:ffff:ffff:ffff,1,\n")
    let coverage = database.tables[0].coverage
    #expect(coverage.ipv4Addresses == 256)
    #expect(coverage.ipv4WithASN == 128)
    #expect(coverage.ipv4WithCountry == 128)
    #expect(coverage.ipv6Networks48 == 1)
    #expect(coverage.ipv6Networks48WithASN == 1)
    #expect(coverage.ipv6Networks48WithCountry == 0)
  }

  @Test func readsFilesAndNamesTheMissingOne() throws {
    let error = #expect(throws: GeoIPError.self) {
      try GeoIPDatabase(loading: [.file("/nonexistent/table.csv")])
    }
    #expect(error?.kind == .cannotOpen)
    #expect(error?.description.hasPrefix("/nonexistent/table.csv: ") == true)
    #expect(error?.advice == "check the path given to --geoip")
    #expect(throws: GeoIPError.self) { try GeoIPDatabase(loading: [.file("/")]) }
  }

  @Test func noTablesAnswerNothing() throws {
    #expect(try GeoIPDatabase(loading: []).facts("8.8.8.8") == "")
  }

  @Test(arguments: [
    ("ZZ", "- -"), ("??", "- -"), ("None", "- -"), ("XX", "- -"), ("uk", "- GB"), ("EL", "- GR"),
    ("EU", "- EU"), ("XK", "- XK"), ("A1", "- -"), ("ITA", "- -"), ("CS", "- CS"), ("QQ", "- QQ"),
  ])
  func countryMarkers(code: String, facts: String) throws {
    let database = try database("start,end,country\n11.0.0.0,11.0.0.255,\(code)\n")
    #expect(try database.facts("11.0.0.1") == facts)
  }
}
