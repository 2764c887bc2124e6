// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import Exfiltration
internal import PacketDecoding
internal import VideoDetection

/// One column of a record of a finding: its name and where its value comes from.
struct FindingColumn: Sendable {
  var name: String
  var field: @Sendable (Finding) -> ReportField

  init(_ name: String, _ field: @escaping @Sendable (Finding) -> ReportField) {
    self.name = name
    self.field = field
  }

  /// All columns in the documented order, shared by CSV and SQLite.
  static let all: [FindingColumn] = [
    FindingColumn("finding") { .text($0.id) },
    FindingColumn("severity") { .text($0.severity.rawValue) },
    FindingColumn("severity_rank") { .count(UInt64(clamping: $0.severity.rank)) },
    FindingColumn("video_verdict") { .text($0.video.verdict.rawValue) },
    FindingColumn("exposure") { .text($0.exposure.level.code) },
    FindingColumn("device") { .text($0.device) },
    FindingColumn("source_ip") { .text($0.sourceAddress.description) },
    FindingColumn("destination_ip") { .text($0.destination.address.description) },
    FindingColumn("destination_port") { .count($0.destination.port.map(UInt64.init)) },
    FindingColumn("destination_names") {
      .hostile($0.destination.names.prefix(8).joined(separator: " "))
    },
    FindingColumn("destination_asn") { .count($0.destination.asn.map(UInt64.init)) },
    FindingColumn("destination_as_name") { .hostile($0.destination.asName) },
    FindingColumn("destination_country") { .hostile($0.destination.country) },
    FindingColumn("destination_scope") { .text($0.destination.scope.rawValue) },
    FindingColumn("bytes") { .count($0.bytes) },
    FindingColumn("wire_bytes") { .count($0.wireBytes) },
    FindingColumn("unique_wire_bytes") { .count($0.uniqueWireBytes) },
    FindingColumn("packets") { .count($0.packets) },
    FindingColumn("duration_seconds") { .decimal($0.durationSeconds) },
    FindingColumn("first_time") { .time($0.firstTime) },
    FindingColumn("last_time") { .time($0.lastTime) },
    FindingColumn("flow_count") { .count(UInt64(clamping: $0.flowCount)) },
    FindingColumn("attack") { .text($0.attack.joined(separator: " ")) },
    FindingColumn("text") { .hostile($0.text) },
  ]
}

/// `analyze --format csv`: one line a finding.
public enum FindingCSV {
  /// Writes RFC 4180 with a header line.
  public static func write(
    _ analysis: Analysis, selection: Selection = Selection(), to sink: ReportSink
  ) {
    sink.write(FindingColumn.all.map(\.name).joined(separator: ",") + "\n")
    let matcher = selection.matcher(for: analysis)
    for finding in analysis.findings where matcher.matches(finding) {
      if sink.hasFailed { return }
      for (index, column) in FindingColumn.all.enumerated() {
        if index > 0 { sink.write(UInt8(ascii: ",")) }
        sink.writeCSV(column.field(finding))
      }
      sink.write(UInt8(ascii: "\n"))
    }
  }
}
