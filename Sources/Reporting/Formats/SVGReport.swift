// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration

/// `--format svg`: the timeline of the findings above the map, one drawing without any script.
public enum SVGReport {
  /// Writes timeline and map of an analysis.
  public static func write(
    _ analysis: Analysis, selection: Selection = Selection(), to sink: ReportSink
  ) {
    write(
      "Timeline of findings, payload a bin, each lane to its own peak",
      TimelineSVG(TimelineLanes(analysis, by: nil, selection: selection), analysis.clock),
      TrafficMapSVG(TrafficMap(analysis, selection)), analysis, sink)
  }

  /// Writes a timeline with lanes of any kind; `grouping` `nil` is findings, of which many to one
  /// address share a lane.
  public static func write(
    _ analysis: Analysis, by grouping: Timeline.Grouping?, binSeconds: Int64?,
    selection: Selection = Selection(), to sink: ReportSink
  ) {
    let lanes = TimelineLanes(
      analysis, by: grouping, binSeconds: binSeconds, selection: selection)
    write(
      "Timeline by \((grouping ?? .finding).rawValue)", TimelineSVG(lanes, analysis.clock), nil,
      nil, sink)
  }

  /// Headlines of stories that stand below the headline of the analysis.
  private static let maximumStories = 8

  private static func write(
    _ title: String, _ timeline: TimelineSVG, _ map: TrafficMapSVG?, _ analysis: Analysis?,
    _ sink: ReportSink
  ) {
    let writer = MarkupWriter(sink)
    let margin = 16.0
    let width = TimelineSVG.width + 2 * margin
    var words: [String] = []
    if let analysis {
      words = [Headline(analysis).text]
      words += analysis.stories.prefix(maximumStories).map { "\($0.id): \($0.outline)" }
    }
    var y = margin + Double(words.count) * 18 + (words.isEmpty ? 0 : 6)
    let timelinePlace = y + 22
    y += timeline.height + 46
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
    for (line, text) in words.enumerated() {
      writer.element(
        "text",
        [
          "class": line == 0 ? "strong" : "", "x": "20",
          "y": MarkupText.coordinate(margin + 12 + Double(line) * 18),
        ], text, limit: 150)
    }
    func head(_ text: String, _ place: Double) {
      writer.element(
        "text", ["class": "dim", "x": "20", "y": MarkupText.coordinate(place - 8)], text)
    }
    writer.open("g", ["transform": "translate(\(MarkupText.coordinate(margin)) 0)"])
    let legend = TimelineEvent.Kind.allCases.filter { $0 != .gap }
      .map { "\($0.symbol) \($0.words)" }.joined(separator: ", ")
    head(
      timeline.height > 0 ? "\(title); \(legend), grey: gap" : "\(title): nothing to draw",
      timelinePlace)
    timeline.write(writer, at: timelinePlace, isWhole: false)
    if let map, map.height > 0 {
      head("Who sent how much to whom, payload bytes as width", mapPlace)
      map.write(writer, at: mapPlace, isWhole: false)
    }
    writer.close("g")
    writer.close("svg")
    writer.markup("\n")
  }
}
