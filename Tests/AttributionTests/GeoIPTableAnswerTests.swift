// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import Attribution

/// Two tables of different dates.
@Suite struct GeoIPTableAnswerTests {
  private static func source(_ name: String, _ text: String) -> GeoIPTableSource {
    GeoIPTableSource(content: .bytes(Array(text.utf8), name: name))
  }

  private static let old = source(
    "asn-2024-01.csv",
    "start,end,asn,country\n11.0.0.0,11.0.0.255,64500,IT\n11.0.1.0,11.0.1.255,64500,IT\n")
  private static let new = source(
    "asn-2026-10.csv",
    "start,end,asn,country\n11.0.0.0,11.0.0.255,64501,RU\n11.0.1.0,11.0.1.255,64500,IT\n")

  @Test func bothAnswersAreGivenWhereTheyDiffer() throws {
    let database = try GeoIPDatabase(loading: [Self.old, Self.new])
    let answers = database.differingAnswers(for: try address("11.0.0.7"))
    #expect(answers.map(\.place) == ["AS64500 IT", "AS64501 RU"])
    #expect(answers.map(\.table) == [0, 1])
    #expect(answers.map(\.source.line) == [2, 2])
    #expect(database.differingAnswers(for: try address("11.0.1.7")).isEmpty)
    #expect(database.answers(for: try address("11.0.1.7")).count == 2)
    #expect(database.answers(for: try address("12.0.0.1")).isEmpty)
    // The one that is used is the first of equal ranges.
    #expect(try database.facts("11.0.0.7") == "64500 IT")
    // From the end of January 2024 to the beginning of October 2026.
    #expect(database.daysBetweenTables == 974)
  }

  @Test func tablesThatCompleteEachOtherDoNotCompete() throws {
    let v6 = Self.source("six.csv", "start,end,asn,country\n2a00::,2a00::ff,64502,DE\n")
    let country = Self.source("dbip-country-lite-2026-10.csv", "11.0.0.0,11.0.0.255,FR\n")
    let asn = Self.source("asn.csv", "11.0.0.0,11.0.0.255,64500,Example\n")
    for sources in [[Self.old], [Self.old, v6], [asn, country]] {
      let database = try GeoIPDatabase(loading: sources)
      #expect(database.competingTables.isEmpty)
      #expect(database.daysBetweenTables == nil)
      #expect(database.differingAnswers(for: try address("11.0.0.7")).isEmpty)
    }
  }
}
