// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
internal import VideoDetection

/// One bin of one lane, as a record.
struct TimelineRow {
  var binStart: Int64
  var binSeconds: Int64
  var lane: Timeline.Lane
  var bin: Timeline.Bin
  var coverage: Timeline.Coverage
}

/// One column of `lenstrace timeline`.
struct TimelineColumn: Sendable {
  var name: String
  var field: @Sendable (TimelineRow) -> ReportField

  init(_ name: String, _ field: @escaping @Sendable (TimelineRow) -> ReportField) {
    self.name = name
    self.field = field
  }

  /// All columns in the documented order.
  static let all: [TimelineColumn] = [
    TimelineColumn("bin_start") {
      .text(Timestamp(seconds: $0.binStart).rfc3339)
    },
    TimelineColumn("bin_seconds") { .count(UInt64(clamping: $0.binSeconds)) },
    TimelineColumn("group") { .hostile($0.lane.group) },
    TimelineColumn("source_ip") { .text($0.lane.source?.description) },
    TimelineColumn("destination_ip") { .text($0.lane.destination?.description) },
    TimelineColumn("destination_asn") { .count($0.lane.destinationASN.map(UInt64.init)) },
    TimelineColumn("destination_country") { .hostile($0.lane.destinationCountry) },
    TimelineColumn("video_verdict") { .text($0.lane.verdict.rawValue) },
    TimelineColumn("packets") { .count($0.bin.packets) },
    TimelineColumn("wire_bytes") { .count($0.bin.wireBytes) },
    TimelineColumn("payload_bytes") { .count($0.bin.payloadBytes) },
    TimelineColumn("new_payload_bytes") { .count($0.bin.newPayloadBytes) },
    TimelineColumn("coverage") { .text($0.coverage.rawValue) },
  ]
}

extension Timeline {
  /// Hands out every bin of every lane, empty ones too.
  func forEachRow(_ body: (TimelineRow) -> Void) {
    for lane in lanes {
      for (index, bin) in lane.bins.enumerated() {
        body(
          TimelineRow(
            binStart: start(ofBin: index), binSeconds: binSeconds, lane: lane, bin: bin,
            coverage: coverage[index]))
      }
    }
  }
}

/// `lenstrace timeline` in the formats of machines.
public enum TimelineReport {
  /// Writes RFC 4180 with a header line.
  public static func writeCSV(_ timeline: Timeline, to sink: ReportSink) {
    for (index, column) in TimelineColumn.all.enumerated() {
      if index > 0 { sink.write(UInt8(ascii: ",")) }
      sink.write(column.name)
    }
    sink.write(UInt8(ascii: "\n"))
    timeline.forEachRow { row in
      for (index, column) in TimelineColumn.all.enumerated() {
        if index > 0 { sink.write(UInt8(ascii: ",")) }
        sink.writeCSV(column.field(row))
      }
      sink.write(UInt8(ascii: "\n"))
    }
  }

  /// Writes one JSON array.
  public static func writeJSON(_ timeline: Timeline, to sink: ReportSink) {
    var json = JSONWriter(sink, lineDepth: 1)
    json.array { json in
      timeline.forEachRow { row in
        json.object { json in
          for column in TimelineColumn.all {
            json.key(named: column.name)
            json.value(column.field(row))
          }
        }
      }
    }
    json.end()
  }
}
