// SPDX-License-Identifier: Apache-2.0

import Attribution
import Foundation
import PacketDecoding
import Testing

@testable import Reporting

struct TableReportTests {
  /// A table whose operators have hostile names.
  private func database(_ name: String) throws -> GeoIPDatabase {
    let quoted = name.split(separator: "\"", omittingEmptySubsequences: false).joined(
      separator: "\"\"")
    let text =
      "range_start,range_end,asn,country,as_name\n203.0.113.0,203.0.113.255,64496,RU,\"\(quoted)\"\n"
    return try GeoIPDatabase(
      loading: [GeoIPTableSource(content: .bytes(Array(text.utf8), name: "table.csv"))])
  }

  private func answers(_ database: GeoIPDatabase) throws -> [AddressAttribution] {
    var policy = AttributionPolicy()
    try policy.setHome(["IT"])
    let attributor = Attributor(database: database, policy: policy)
    return ["203.0.113.77", "192.168.1.1", "2001:4860::1"].compactMap { IPAddress($0) }
      .map { attributor.attribution(of: $0) }
  }

  @Test func lookupInCSV() throws {
    let database = try database("Example, Ltd.")
    let answers = try answers(database)
    let csv = SampleAnalysis.text { LookupReport.writeCSV(answers, database.tables, to: $0) }
    let rows = CSVReader.rows(csv)
    #expect(
      rows[0].joined(separator: ",") == "address,asn,as_name,country,scope,range,table,line,flags")
    #expect(
      rows[1] == [
        "203.0.113.77", "64496", "Example, Ltd.", "RU", "foreign", "203.0.113.0/24", "table.csv",
        "2", "",
      ])
    #expect(rows[2][4] == "inside")
    #expect(rows[3] == ["2001:4860::1", "", "", "", "unknown", "", "", "", ""])
  }

  @Test func lookupInJSON() throws {
    let database = try database("Example")
    let answers = try answers(database)
    let json = SampleAnalysis.text { LookupReport.writeJSON(answers, database.tables, to: $0) }
    let parsed = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
    #expect(parsed?.count == 3)
    #expect(parsed?[0]["asn"] as? Int == 64_496)
    #expect(parsed?[2]["asn"] is NSNull)
    #expect((parsed?[1]["reason"] as? String)?.contains("192.168.0.0/16") == true)
  }

  @Test(arguments: ["\u{1B}[2J", "=cmd", "\u{202E}gpj", "quote\"d"])
  func operatorsWithHostileNames(name: String) throws {
    let database = try database(name)
    let answers = try answers(database)
    let style = TerminalStyle()
    let outputs = [
      SampleAnalysis.text { LookupReport.writeCSV(answers, database.tables, to: $0) },
      SampleAnalysis.text { LookupReport.writeJSON(answers, database.tables, to: $0) },
      SampleAnalysis.text {
        LookupReport.writeText(answers, database.tables, style: style, to: $0)
      },
      SampleAnalysis.text { TableReport.writeText(database.tables, style: style, to: $0) },
      SampleAnalysis.text { TableReport.writeJSON(database.tables, to: $0) },
    ]
    for output in outputs {
      #expect(!output.unicodeScalars.contains { $0.isHostile && $0 != "\n" })
    }
    #expect(!outputs[0].contains(",=cmd"))
  }
}
