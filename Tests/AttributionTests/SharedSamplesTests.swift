// SPDX-License-Identifier: Apache-2.0

import Foundation
import PacketDecoding
import Testing

@testable import Attribution

/// Tables that may not lie in this repository (CC BY-SA 4.0, IPFire Project).
private let folder = ProcessInfo.processInfo.environment["LENSTRACE_GEO"]

@Suite(.enabled(if: folder != nil, "set LENSTRACE_GEO to the folder of the GeoIP samples"))
struct SharedSamplesTests {
  struct Layout: Sendable, CustomTestStringConvertible {
    var files: [String]
    var hasASN = true
    var hasCountry = true
    var versions: Set<Int> = [4, 6]
    var testDescription: String { files[0] }
  }

  static let layouts: [Layout] = [
    Layout(files: ["asn-canonical.csv"]), Layout(files: ["asn-iptoasn.tsv"]),
    Layout(files: [
      "asn-ip-location-db-ipv4.csv", "asn-ip-location-db-ipv6.csv",
      "country-ip-location-db-ipv4.csv", "country-ip-location-db-ipv6.csv",
    ]),
    Layout(
      files: ["asn-ip-location-db-ipv4-num.csv", "asn-ip-location-db-ipv6-num.csv"],
      hasCountry: false),
    Layout(files: [
      "asn-geolite2-blocks-ipv4.csv", "asn-geolite2-blocks-ipv6.csv",
      "country-geolite2-blocks-ipv4.csv", "country-geolite2-blocks-ipv6.csv",
      "country-geolite2-locations-en.csv",
    ]),
    Layout(files: ["asn-ip2location-lite.csv"], hasCountry: false, versions: [4]),
    Layout(files: ["country-ip2location-lite-ipv6.csv"], hasASN: false, versions: [6]),
    Layout(files: ["asn-ipinfo-lite.csv"]),
    Layout(files: ["asn-pfx2as.txt"], hasCountry: false),
    Layout(files: ["country-tor-geoip.txt"], hasASN: false, versions: [4]),
  ]

  private func path(_ name: String) throws -> String { try #require(folder) + "/sample-" + name }

  private func rows(_ name: String) throws -> [[String]] {
    try String(contentsOfFile: path(name), encoding: .utf8).split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  @Test(arguments: layouts)
  func everyLayoutGivesTheExpectedAnswers(layout: Layout) throws {
    let database = try GeoIPDatabase(loading: try layout.files.map { .file(try path($0)) })
    let expected = try rows("lookups-expected.csv")
    #expect(expected.count == 862)
    for row in expected {
      let address = try address(row[0])
      guard layout.versions.contains(address.isIPv4 ? 4 : 6) else { continue }
      let record = database.record(for: address)
      if layout.hasASN {
        #expect(record?.asn.map(String.init) ?? "" == row[2], "\(row[0])")
      }
      if layout.hasCountry {
        #expect(record?.country?.description ?? "" == row[3], "\(row[0])")
      }
    }
  }

  @Test func theEdgeCasesLineByLine() throws {
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: path("asn-edge-cases.csv"))))
    var parser = GeoIPTableParser(
      source: .file("edge.csv"), table: 0, options: GeoIPLoadingOptions(badRowShare: 1))
    try parser.append(bytes.span)
    let result = try parser.finish()
    let accepted = Set(result.v4.lines).union(result.v6.lines)
    let rejected = Set(result.info.badRowSamples.map(\.line))
    var skipped = 0
    for row in try rows("edge-lines-expected.csv") {
      let line = try #require(UInt32(row[0]))
      switch row[1] {
      case "reject": #expect(rejected.contains(line), "line \(line)")
      case "skip", "header":
        #expect(!accepted.contains(line) && !rejected.contains(line), "line \(line)")
        if row[1] == "skip" { skipped += 1 }
      default: #expect(accepted.contains(line), "line \(line)")
      }
    }
    #expect(result.info.skippedLines == skipped)
    #expect(result.info.badRows == rejected.count)
  }

  @Test func theEdgeCasesLookUp() throws {
    let database = try GeoIPDatabase(
      loading: [.file(try path("asn-edge-cases.csv"))], options: .init(badRowShare: 1))
    let expected = try rows("edge-lookups-expected.csv")
    #expect(expected.count == 62)
    for row in expected {
      let record = database.record(for: try address(row[0]))
      #expect(record?.asn.map(String.init) ?? "" == row[1], "\(row[0])")
      #expect(record?.country?.description ?? "" == row[2], "\(row[0])")
    }
    let info = database.tables[0]
    #expect(info.conflictLines == [13])
    #expect(info.duplicates == 1)
    #expect(info.unreadableCountries == 1)
    #expect(info.foldedCountries == 1)
    #expect(throws: GeoIPError.self) {
      try GeoIPDatabase(loading: [.file(try path("asn-edge-cases.csv"))])
    }
  }

  @Test func theSpecialRangesAreTheOnesOfTheRegistry() throws {
    let text = try String(
      contentsOfFile: try #require(folder) + "/special-purpose-ranges.csv", encoding: .utf8)
    // The names hold no comma, so that the conversion is one of delimiters.
    #expect("\(specialPurposeRangesTable)\n" == text.replacing(",", with: "\t"))
  }
}
