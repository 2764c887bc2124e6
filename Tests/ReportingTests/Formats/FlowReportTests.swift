// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Reporting

struct FlowReportTests {
  @Test func theHeaderBeginsAsDocumented() {
    let csv = SampleAnalysis.text { FlowReport.writeCSV(SampleAnalysis.make(), FlowList(), to: $0) }
    #expect(
      csv.hasPrefix(
        "flow_id,protocol,originator_ip,originator_port,responder_ip,responder_port,first_time,"
          + "last_time,originator_packets,responder_packets,originator_wire_bytes,"
          + "responder_wire_bytes,originator_payload_bytes,responder_payload_bytes,service,"
          + "server_name,video_verdict,"))
  }

  @Test func aFlowInCSV() throws {
    let csv = SampleAnalysis.text { FlowReport.writeCSV(SampleAnalysis.make(), FlowList(), to: $0) }
    let rows = CSVReader.rows(csv)
    let row = try #require(rows.last)
    #expect(
      row.prefix(17) == [
        "1", "udp", "192.168.64.21", "40000", "203.0.113.77", "5004",
        "2026-11-21T12:41:27.500000000Z", "2026-11-21T12:41:51.460000000Z", "600", "0", "625200",
        "0", "600000", "0", "rtp", "media.abroad.example", "certain",
      ])
    let columns = Dictionary(uniqueKeysWithValues: zip(rows[0], row))
    // Retransmissions are something UDP does not have: unknown, not zero.
    #expect(columns["originator_retransmitted_bytes"] == "")
    #expect(columns["originator_duplicate_bytes"] == "0")
    #expect(columns["originator_bits_per_second"] == "208747.913")
    #expect(columns["responder_bits_per_second"] == "")
    #expect(columns["community_id"]?.hasPrefix("1:") == true)
  }

  @Test func columnNamesAreUnique() {
    #expect(Set(FlowColumn.all.map(\.name)).count == FlowColumn.all.count)
  }

  @Test func ndjsonHasALineForEachFlow() {
    let text = SampleAnalysis.text {
      FlowReport.writeNDJSON(SampleAnalysis.make(), FlowList(), to: $0)
    }
    #expect(text.split(separator: "\n").count == 1)
    #expect(text.hasPrefix("{\"flow_id\": 1, \"protocol\": \"udp\""))
  }

  @Test(arguments: ["flow=1", "device=D1", "device=192.168.64.21", "verdict>=likely", "asn=64496"])
  func selectionKeeps(text: String) throws {
    let list = FlowList(order: .bytes, limit: 5, selection: try #require(Selection(text)))
    let csv = SampleAnalysis.text { FlowReport.writeCSV(SampleAnalysis.make(), list, to: $0) }
    #expect(CSVReader.rows(csv).count == 2)
  }

  @Test(arguments: ["flow=2", "device=D2", "country=IT", "severity>=critical", "destination=::1"])
  func selectionDrops(text: String) throws {
    let list = FlowList(selection: try #require(Selection(text)))
    let csv = SampleAnalysis.text { FlowReport.writeCSV(SampleAnalysis.make(), list, to: $0) }
    #expect(CSVReader.rows(csv).count == 1)
  }

  @Test(arguments: ["", "x=1", "verdict=likely", "country=Italy", "flow=x", "asn=", "device="])
  func selectionsThatMeanNothing(text: String) {
    #expect(Selection(text) == nil)
  }
}
