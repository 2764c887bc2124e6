// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Attribution

@Suite struct GeoIPTableDateTests {
  @Test(arguments: [
    ("dbip-country-lite-2024-11.csv", "2024-11"), ("GeoLite2-ASN-CSV_20241105", "2024-11-05"),
    ("routeviews-rv2-20221029-1200.pfx2as", "2022-10-29"), ("ip2asn_2023_02_28.tsv", "2023-02-28"),
    ("ip2asn-v4.tsv", ""), ("case-12345678", ""), ("2023-13-01.csv", ""), ("x20230230", ""),
    ("v1.2024-05-06.7", "2024-05-06"),
  ])
  func isFoundInNames(name: String, date: String) {
    #expect((GeoIPTableDateText.inName(name)?.description ?? "") == date)
  }

  @Test(arguments: [
    (" Generated: Thu, 25 Jun 2026 04:33:59 GMT", "2026-06-25"),
    ("generated: 2022-10-29T05:59:54Z", "2022-10-29"), (" Generated 2022-10-29", ""),
    (" some text", ""),
  ])
  func isFoundInComments(comment: String, date: String) {
    #expect((GeoIPTableDateText.inComment(comment)?.description ?? "") == date)
  }

  @Test func bases() throws {
    func source(_ name: String, _ text: String = "", _ date: String? = nil) -> GeoIPTableSource {
      .init(
        content: .bytes(Array((text + "11.0.0.0,11.0.0.255,1,x\n").utf8), name: name),
        date: date.flatMap { GeoIPTableDate($0) })
    }
    let tables = try GeoIPDatabase(loading: [
      source("2021-01/t-2022-02.csv", "# Generated: 2023-03-03\n", "2024-04-04"),
      source("2021-01/t-2022-02.csv", "# Generated: 2023-03-03\n"), source("2021-01/t-2022-02.csv"),
      source("2021-01/t.csv"), source("t.csv"),
    ]).tables
    #expect(
      tables.map { $0.date?.description } == [
        "2024-04-04", "2023-03-03", "2022-02", "2021-01", nil,
      ])
    #expect(tables.map(\.dateBasis) == [.option, .header, .fileName, .folderName, nil])
  }

  @Test(arguments: [
    ("2024-01-01", 0, "fresh"), ("2023-10-03", 90, "fresh"), ("2023-10-02", 91, "stale"),
    ("2023-01-01", 365, "stale"), ("2022-12-31", 366, "very_stale"), ("2024-04-02", -91, "stale"),
    ("2023-12", 1, "fresh"), ("2024-01", 0, "fresh"),
  ])
  func ageAgainstTheCapture(date: String, days: Int, level: String) throws {
    // 2024-01-01T12:00:00Z to 2024-01-02T00:00:00Z
    let table = try #require(GeoIPTableDate(date))
    let age = table.age(
      firstPacket: 1_704_110_400_000_000_000, lastPacket: 1_704_153_600_000_000_000)
    #expect(age.daysAfterTable == days)
    #expect(age.level.rawValue == level)
  }

  @Test func daysAndDatesAgree() throws {
    for day in stride(from: 8000, to: 60_000, by: 37) {
      let date = try #require(GeoIPTableDate(dayNumber: day))
      #expect(date.firstDay == day)
    }
    #expect(GeoIPTableDate(nanoseconds: 1_704_110_400_000_000_000)?.description == "2024-01-01")
    #expect(GeoIPTableDate("2023-02-29") == nil)
    #expect(GeoIPTableDate("2024-02-29")?.description == "2024-02-29")
    #expect(GeoIPTableDate("2024-2-29") == nil)
  }
}
