// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import VideoDetection

/// `lenstrace timeline` for people: lanes over one UTC axis.
public enum TimelineText {
  /// Writes the drawing; `binSeconds` `nil` chooses a width that fills the line.
  public static func write(
    _ analysis: Analysis, by grouping: Timeline.Grouping, binSeconds: Int64?,
    selection: Selection = Selection(), style: TerminalStyle, to sink: ReportSink
  ) {
    let capacity = TimelineDrawing.binCapacity(
      columns: style.columns, longestLabel: TimelineDrawing.maximumLabelColumns)
    let timeline = Timeline(
      of: analysis, by: grouping, binSeconds: binSeconds, maximumBins: capacity,
      selection: selection)
    let findings = Dictionary(
      analysis.findings.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let labels = timeline.lanes.map { lane in
      findings[lane.group].map(TextReport.laneLabel) ?? label(lane)
    }
    let marks = grouping == .finding ? TimelineEvents(analysis) : nil
    let lines = TimelineDrawing(
      timeline, labels: labels, style: style,
      events: timeline.lanes.prefix(TimelineDrawing.maximumLanes).map { lane in
        findings[lane.group].flatMap { marks?.events(of: $0) } ?? []
      }
    ).lines()
    if lines.isEmpty {
      sink.write("nothing to draw: no traffic of this kind in the capture\n")
    }
    for line in lines {
      sink.write(line)
      sink.write("\n")
    }
  }

  private static func label(_ lane: Timeline.Lane) -> String {
    var parts = [TerminalText.escaped(lane.group)]
    if let source = lane.source, let destination = lane.destination {
      parts.append("\(source) > \(destination)")
    }
    if let country = lane.destinationCountry, country != lane.group {
      parts.append(TerminalText.escaped(country))
    }
    if let asn = lane.destinationASN, lane.group != "AS\(asn)" { parts.append("AS\(asn)") }
    return parts.joined(separator: " ")
  }
}
