// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import PacketDecoding
internal import VideoDetection

/// `--format svg`: the timeline of the findings above the map, one drawing without any script.
public enum SVGReport {
  /// Writes timeline and map of an analysis.
  public static func write(
    _ analysis: Analysis, selection: Selection = Selection(), to sink: ReportSink
  ) {
    let drawing = FindingTimeline(analysis, selection)
    write(
      [
        (
          "Timeline of findings, payload a bin, each lane to its own peak",
          TimelineSVG(drawing.timeline, drawing.labels)
        )
      ], TrafficMapSVG(TrafficMap(analysis, selection)), Headline(analysis).text, sink)
  }

  /// Writes a timeline with lanes of any kind.
  public static func write(
    _ analysis: Analysis, by grouping: Timeline.Grouping, binSeconds: Int64?,
    selection: Selection = Selection(), to sink: ReportSink
  ) {
    let timeline = Timeline(
      of: analysis, by: grouping, binSeconds: binSeconds,
      maximumBins: FindingTimeline.drawnBins, selection: selection)
    let findings = FindingTimeline(analysis, selection)
    let labels =
      grouping == .finding
      ? findings.labels : timeline.lanes.map { FindingTimeline.label(of: $0, analysis) }
    write(
      [("Timeline by \(grouping.rawValue)", TimelineSVG(timeline, labels))], nil, nil, sink)
  }

  private static func write(
    _ timelines: [(String, TimelineSVG)], _ map: TrafficMapSVG?, _ headline: String?,
    _ sink: ReportSink
  ) {
    let writer = MarkupWriter(sink)
    let margin = 16.0
    let width = TimelineSVG.width + 2 * margin
    var y = margin
    var places: [Double] = []
    if headline != nil { y += 24 }
    for (_, timeline) in timelines {
      places.append(y + 22)
      y += timeline.height + 46
    }
    let mapPlace = y + 22
    if let map, map.height > 0 { y += map.height + 46 }
    writer.markup("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    writer.open(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "drawing",
        "viewBox": "0 0 \(MarkupText.coordinate(width)) \(MarkupText.coordinate(y))",
        "width": MarkupText.coordinate(width), "height": MarkupText.coordinate(y),
      ])
    writer.markup("<style>")
    sink.write(ReportAssets.drawingStyle)
    writer.markup("</style>")
    writer.empty("rect", ["class": "page", "width": "100%", "height": "100%"])
    if let headline {
      writer.element(
        "text", ["class": "strong", "x": "20", "y": MarkupText.coordinate(margin + 12)], headline,
        limit: 150)
    }
    func head(_ text: String, _ place: Double) {
      writer.element(
        "text", ["class": "dim", "x": "20", "y": MarkupText.coordinate(place - 8)], text)
    }
    writer.open("g", ["transform": "translate(\(MarkupText.coordinate(margin)) 0)"])
    for ((title, timeline), place) in zip(timelines, places) {
      head(timeline.height > 0 ? title : "\(title): nothing to draw", place)
      timeline.write(writer, at: place, isWhole: false)
    }
    if let map, map.height > 0 {
      head("Who sent how much to whom, payload bytes as width", mapPlace)
      map.write(writer, at: mapPlace, isWhole: false)
    }
    writer.close("g")
    writer.close("svg")
    writer.markup("\n")
  }
}

/// The timeline of the findings with what stands beside its lanes.
struct FindingTimeline {
  /// Bins of a drawing at most, where one stands for a pixel or more.
  static let drawnBins = 280

  let timeline: Timeline
  let labels: [TimelineLaneLabel]

  init(_ analysis: Analysis, _ selection: Selection, maximumBins: Int = drawnBins) {
    timeline = Timeline(
      of: analysis, by: .finding, binSeconds: nil, maximumBins: maximumBins, selection: selection)
    let events = TimelineEvents(analysis)
    let findings = Dictionary(
      analysis.findings.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    labels = timeline.lanes.map { lane in
      guard let finding = findings[lane.group] else { return Self.label(of: lane, analysis) }
      let place = [finding.destination.country, finding.destination.asn.map { "AS\($0)" }]
        .compactMap { $0 }.joined(separator: " ")
      return TimelineLaneLabel(
        title: "\(finding.device ?? finding.sourceAddress.description) > "
          + (place.isEmpty ? "\(finding.destination.address)" : place),
        note:
          "\(finding.id), \(finding.severity.rawValue), video \(finding.video.verdict.rawValue)",
        style: finding.severity.rawValue, events: events.events(of: finding))
    }
  }

  static func label(of lane: Timeline.Lane, _ analysis: Analysis) -> TimelineLaneLabel {
    var notes: [String] = []
    if let source = lane.source, let destination = lane.destination {
      notes.append("\(source) > \(destination)")
    }
    if let country = lane.destinationCountry, country != lane.group { notes.append(country) }
    if let number = lane.destinationASN, lane.group != "AS\(number)" { notes.append("AS\(number)") }
    let style: Severity =
      switch lane.verdict {
      case .certain: .high
      case .likely: .medium
      case .possible: .low
      case .noEvidence, .notAssessed: .info
      }
    return TimelineLaneLabel(
      title: lane.group, note: notes.joined(separator: " "), style: style.rawValue)
  }
}
