// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Reporting

struct TimesketchReportTests {
  @Test func theRequiredColumnsAreThereAndTimesCanBeRead() throws {
    let rows = CSVReader.rows(
      SampleAnalysis.text { TimesketchReport.write(SampleAnalysis.make(), to: $0) })
    #expect(rows[0].prefix(3) == ["message", "datetime", "timestamp_desc"])
    #expect(rows.count >= 5)
    let format = ISO8601DateFormatter()
    format.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    var before = Date.distantPast
    for row in rows.dropFirst() {
      #expect(row.count == rows[0].count)
      #expect(!row[0].isEmpty)
      #expect(!row[2].isEmpty)
      let time = try #require(format.date(from: row[1]))
      #expect(time >= before)
      before = time
    }
    #expect(rows.contains { $0[2] == "Transfer Start" && $0[4] == "F-00112233" })
    #expect(rows.contains { $0[2] == "DNS Answer" })
  }
}
