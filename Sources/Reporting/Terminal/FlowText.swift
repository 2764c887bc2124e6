// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding
internal import VideoDetection

/// `lenstrace flows` for people.
public enum FlowText {
  /// Writes a table of the listed flows.
  public static func write(
    _ analysis: Analysis, _ list: FlowList, style: TerminalStyle, to sink: ReportSink
  ) {
    var rows: [[String]] = []
    for row in list.rows(of: analysis) {
      if sink.hasFailed { return }
      rows.append(cells(of: row))
      // Widths are found for a page at a time, so that millions of flows need no memory.
      if rows.count == pageRows { flush(&rows, style, sink) }
    }
    flush(&rows, style, sink)
  }

  /// Rows whose column widths are found together.
  static let pageRows = 1_000

  private static func flush(_ rows: inout [[String]], _ style: TerminalStyle, _ sink: ReportSink) {
    guard !rows.isEmpty else { return }
    defer { rows.removeAll() }
    if style.columns < columnsOfOneLine {
      for line in narrowLines(rows, style) {
        sink.write(line)
        sink.write("\n")
      }
      return
    }
    let table = TextTable(
      heads: [
        "flow", "proto", "originator", "responder", "start (UTC)", "lasts", "sent", "received",
        "video", "service and name",
      ], rightAligned: [0, 6, 7], rows: rows)
    for line in table.lines(style) {
      sink.write(line)
      sink.write("\n")
    }
  }

  /// Columns from which a flow has a line: below, addresses and times would be cut.
  static let columnsOfOneLine = 120

  /// Two lines and more for each flow: who with whom, and below it the rest.
  private static func narrowLines(_ rows: [[String]], _ style: TerminalStyle) -> [String] {
    let number = max(4, rows.map { $0[0].utf8.count }.max() ?? 0)
    let transport = max(5, rows.map { $0[1].utf8.count }.max() ?? 0)
    let indent = number + transport + 6
    func head(_ first: String, _ second: String) -> String {
      "  " + TerminalText.padded(first, to: number, right: true) + "  "
        + TerminalText.padded(second, to: transport) + "  "
    }
    var lines = [style.dim(head("flow", "proto") + "originator > responder")]
    for row in rows {
      let ends = style.wrap("\(row[2]) > \(row[3])", indent: indent, hanging: indent + 2)
      lines.append(head(row[0], row[1]) + (ends.first ?? "").dropFirst(indent))
      lines += ends.dropFirst()
      var text = "\(row[4]), lasts \(row[5]), sent \(row[6]), received \(row[7]), video \(row[8])"
      if !row[9].isEmpty { text += ", \(row[9])" }
      lines += style.wrap(text, indent: indent, hanging: indent + 2)
    }
    return lines
  }

  private static func cells(of row: FlowRow) -> [String] {
    let flow = row.flow
    return [
      "\(flow.id)", flow.protocolName,
      endpoint(flow.originatorAddress, flow.port(flow.originatorPort), flow),
      endpoint(flow.responderAddress, flow.port(flow.responderPort), flow),
      Timestamp(nanoseconds: flow.firstPacket.time).secondsText,
      Quantity.duration(flow.durationSeconds), Quantity.bytes(flow.originator.wireBytes),
      Quantity.bytes(flow.responder.wireBytes), row.label.verdict.rawValue,
      [
        row.label.service ?? "", row.label.serverName.map { TerminalText.escaped($0) } ?? "",
        flow.translatedFlow.map { "(NAT: flow \($0))" } ?? "",
      ].filter { !$0.isEmpty }.joined(separator: " "),
    ]
  }

  private static func endpoint(_ address: IPAddress, _ port: UInt64?, _ flow: Flow) -> String {
    if flow.endpoints.isWireless { return MACAddress(bits: address.low).description }
    guard let port else { return address.description }
    return address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
  }
}
