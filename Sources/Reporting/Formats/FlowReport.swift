// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding
internal import ProtocolRecognition

/// `lenstrace flows` in the formats of machines: one record a flow, the columns of ``FlowColumn``.
public enum FlowReport {
  /// Writes RFC 4180 with a header line.
  public static func writeCSV(_ analysis: Analysis, _ list: FlowList, to sink: ReportSink) {
    for (index, column) in FlowColumn.all.enumerated() {
      if index > 0 { sink.write(UInt8(ascii: ",")) }
      sink.write(column.name)
    }
    sink.write(UInt8(ascii: "\n"))
    for row in list.rows(of: analysis) {
      if sink.hasFailed { return }
      for (index, column) in FlowColumn.all.enumerated() {
        if index > 0 { sink.write(UInt8(ascii: ",")) }
        sink.writeCSV(column.field(row))
      }
      sink.write(UInt8(ascii: "\n"))
    }
  }

  /// Writes one JSON array.
  public static func writeJSON(_ analysis: Analysis, _ list: FlowList, to sink: ReportSink) {
    var json = JSONWriter(sink, lineDepth: 1)
    json.array(list.rows(of: analysis)) { $0.value($1) }
    json.end()
  }

  /// Writes one JSON object a line.
  public static func writeNDJSON(_ analysis: Analysis, _ list: FlowList, to sink: ReportSink) {
    for row in list.rows(of: analysis) {
      if sink.hasFailed { return }
      var json = JSONWriter(sink, lineDepth: 0)
      json.value(row)
      json.end()
    }
  }
}

extension JSONWriter {
  /// Writes a flow with the columns as keys.
  mutating func value(_ row: FlowRow) {
    object { json in
      for column in FlowColumn.all {
        json.key(named: column.name)
        json.value(column.field(row))
      }
      json.member("facts", row.label.facts) { json, fact in
        json.object { json in
          json.member("kind", fact.kind.rawValue)
          json.member("text", fact.text)
          json.member(
            "from", fact.direction == .fromOriginator ? "originator" : "responder")
          json.key("packet")
          json.value(fact.packet)
        }
      }
    }
  }

  mutating func value(_ field: ReportField) {
    switch field {
    case .text(let text), .hostile(let text): value(text)
    case .count(let count): value(count)
    case .decimal(let number): value(number)
    case .time(let nanoseconds): time(nanoseconds)
    }
  }
}

extension ReportSink {
  /// Writes a CSV field; what is unknown stays empty.
  func writeCSV(_ field: ReportField) {
    switch field {
    case .text(let text?): writeCSV(plain: text)
    case .hostile(let text?): writeCSV(hostile: text)
    case .count(let count?): write(count)
    case .decimal(let number?): write(DecimalText.exact(number) ?? "")
    case .time(let nanoseconds?): write(Timestamp(nanoseconds: nanoseconds).rfc3339)
    default: break
    }
  }
}
